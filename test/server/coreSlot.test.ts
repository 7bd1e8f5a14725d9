import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError } from '../../protocol/index.ts';
import { type Core, type CoreHandlers, createCoreSlot, createFailedCore } from '../../server/coreSlot.ts';

interface Step {
  said: string[];
  core(name: string, show?: () => Promise<unknown>): Core;
}

function steps(): Step {
  const said: string[] = [];
  return {
    said,
    core: (name, show = async () => ({ from: name })) => ({
      handlers: { 'task/show': show } as unknown as CoreHandlers,
      close: async () => void said.push(`closed ${name}`),
    }),
  };
}

const params = { taskId: '1' };
const call = { signal: new AbortController().signal, notify: () => {} };

test('an exchange waits for requests at work, and requests wait for it', async () => {
  const { said, core } = steps();
  const { promise: work, resolve: finish } = Promise.withResolvers<unknown>();
  const slot = createCoreSlot(
    core('old', () => work),
    async () => core('new'),
  );
  const first = slot.handlers['task/show'](params, call);
  const exchanged = slot.exchange(async () => {
    said.push('exchanged');
    return 'result';
  });
  assert.equal(slot.exchanging(), true);
  const second = slot.handlers['task/show'](params, call);
  assert.deepEqual(said, [], 'the request at work keeps the core open');
  finish({ from: 'old' });
  assert.deepEqual(await first, { from: 'old' });
  assert.equal(await exchanged, 'result');
  assert.deepEqual(await second, { from: 'new' });
  assert.deepEqual(said, ['closed old', 'exchanged']);
  await slot.dispose();
  assert.deepEqual(said.at(-1), 'closed new');
  await assert.rejects(async () => slot.handlers['task/show'](params, call), { code: 'unavailable' });
});

test('two exchanges follow each other', async () => {
  const { said, core } = steps();
  let opened = 0;
  const slot = createCoreSlot(core('0'), async () => core(String(++opened)));
  await Promise.all([slot.exchange(async () => said.push('a')), slot.exchange(async () => said.push('b'))]);
  assert.deepEqual(said, ['closed 0', 'a', 'closed 1', 'b']);
  assert.deepEqual(await slot.handlers['task/show'](params, call), { from: '2' });
});

test('a core is opened again also when the exchange failed', async () => {
  const { core } = steps();
  const slot = createCoreSlot(core('old'), async () => core('new'));
  await assert.rejects(
    slot.exchange(() => Promise.reject(new RangeError('no'))),
    RangeError,
  );
  assert.deepEqual(await slot.handlers['task/show'](params, call), { from: 'new' });
});

test('without a core every request is answered with the reason, until one can be opened', async () => {
  const { core } = steps();
  const full = new OspainError('storage_full', 'The disk is full.');
  const answers: Array<() => Core> = [
    () => {
      throw full;
    },
    () => core('late'),
  ];
  const slot = createCoreSlot(createFailedCore(full), async () => (answers.shift() ?? assert.fail())());
  await assert.rejects(async () => slot.handlers['task/show'](params, call), { code: 'storage_full' });
  await assert.rejects(
    slot.exchange(async () => {}),
    { code: 'storage_full' },
  );
  await assert.rejects(async () => slot.handlers['task/show'](params, call), { code: 'storage_full' });
  await slot.exchange(async () => {});
  assert.deepEqual(await slot.handlers['task/show'](params, call), { from: 'late' });
});
