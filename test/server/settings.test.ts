import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainSettings, readSettings } from '../../server/settings.ts';

const explain = (given: object) =>
  new Map(explainSettings(readSettings(given), 'editor').map(({ name, ...rest }) => [name, rest]));

test('each setting says what it is, and who chose it', () => {
  const told = explain({ threads: 3, commands: { timeoutSeconds: 300, readable: ['/opt'] } });
  assert.deepEqual(told.get('threads'), { value: 3, default: 0, origin: 'editor' });
  assert.deepEqual(told.get('commands.readable'), { value: ['/opt'], default: [], origin: 'editor' });
  assert.equal(told.get('commands.timeoutSeconds')?.origin, 'default', 'what was chosen is what it would be');
  assert.deepEqual(told.get('api'), { value: null, default: null, origin: 'default' });
  assert.deepEqual(
    [...explain({}).values()].filter(({ origin }) => origin !== 'default'),
    [],
  );
});

test('an API from the start is one setting', () =>
  assert.deepEqual(explain({ api: {} }).get('api'), {
    value: { port: 3100, lan: false },
    default: null,
    origin: 'editor',
  }));
