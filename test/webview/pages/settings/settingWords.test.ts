import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { explainSettings, readSettings } from '../../../../server/settings.ts';
import { settingWord, valueText } from '../../../../webview/pages/settings/settingWords.ts';

const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));

it('has words for each setting of the server, and names only settings that VS Code has', () => {
  const names = explainSettings(readSettings({}), 'editor').map(({ name }) => name);
  deepEqual(
    names.filter((name) => settingWord(name).title === name),
    [],
  );
  const ids = names.flatMap((name) => settingWord(name).editorId ?? []);
  deepEqual(
    ids.filter((id) => manifest.contributes.configuration.properties[`ospain2.${id}`] === undefined),
    [],
  );
  equal(settingWord('something.new').title, 'something.new');
});

it('writes values as people read them', () => {
  deepEqual([null, true, [], ['/a', '/b'], { port: 3100, lan: false }, 30_000, 'auto'].map(valueText), [
    'none',
    'on',
    'none',
    '/a, /b',
    'port 3100, lan false',
    '30,000',
    'auto',
  ]);
});
