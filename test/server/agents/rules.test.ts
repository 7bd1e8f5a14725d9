import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createOverlay } from '../../../server/agents/overlay.ts';
import { rulesFor } from '../../../server/agents/rules.ts';
import { tempFolder } from '../../support/temp.ts';
import { openWorkbench } from './workbench.ts';

const pathsFor = async (files: Record<string, string>, about?: string): Promise<string[]> => {
  await using at = await openWorkbench(files);
  return (await rulesFor(createOverlay(at.root), about)).map(({ path }) => path);
};

test('AGENTS.md counts from the workspace down to the file that the task is about', async () => {
  const files = { 'AGENTS.md': 'a', 'src/AGENTS.md': 'b', 'src/parser/AGENTS.md': 'c', 'docs/AGENTS.md': 'd' };
  assert.deepEqual(await pathsFor(files), ['AGENTS.md']);
  assert.deepEqual(await pathsFor(files, 'src/parser/main.ts'), ['AGENTS.md', 'src/AGENTS.md', 'src/parser/AGENTS.md']);
});

test('what other tools read counts too, and what several files say comes once', async () => {
  const files = {
    '.clinerules/b.md': 'two',
    '.clinerules/a.md': 'one',
    '.clinerules/run.sh': 'echo no',
    '.roo/rules/style/tabs.txt': 'three',
    '.roorules': 'one',
    '.continue/rules/x.md': 'four',
    '.github/copilot-instructions.md': '\uFEFFfive\r\n',
    '.github/other.md': 'no',
  };
  assert.deepEqual(await pathsFor(files), [
    ...['.clinerules/a.md', '.clinerules/b.md', '.roo/rules/style/tabs.txt', '.continue/rules/x.md'],
    '.github/copilot-instructions.md',
  ]);
  assert.deepEqual(await pathsFor({ '.clinerules': 'a file' }), ['.clinerules']);
});

test('a rule for some files is heard when the task is about one of them', async () => {
  const files = {
    '.continue/rules/ts.md': '---\nname: TS\nglobs: ["**/*.ts", "**/*.tsx"]\n---\nStrict types.',
    '.continue/rules/always.md': '---\nglobs: "*.py"\nalwaysApply: true\n---\nBe brief.',
    '.clinerules/list.md': '---\npaths:\n  - "src/**"\n  - lib/**\n---\nNo default exports.',
    '.clinerules/none.md': '---\ndescription: for all\n---\nNo tabs.',
  };
  assert.deepEqual(await pathsFor(files, 'src/a.ts'), [
    ...['.clinerules/list.md', '.clinerules/none.md', '.continue/rules/always.md', '.continue/rules/ts.md'],
  ]);
  assert.deepEqual(await pathsFor(files, 'docs/a.md'), ['.clinerules/none.md', '.continue/rules/always.md']);
  assert.deepEqual(await pathsFor(files), ['.clinerules/none.md', '.continue/rules/always.md']);
});

test('a link out of the workspace, a binary and an empty file are nobody’s rules', {
  skip: process.platform === 'win32',
}, async () => {
  using outside = tempFolder('rules');
  writeFileSync(join(outside.path, 'secret.md'), 'secret');
  await using at = await openWorkbench({ '.clinerules/a.md': 'a\0b', '.clinerules/b.md': ' \n' });
  symlinkSync(outside.path, join(at.root, '.roo'));
  symlinkSync(join(outside.path, 'secret.md'), join(at.root, 'AGENTS.md'));
  assert.deepEqual(await rulesFor(createOverlay(at.root), undefined), []);
});
