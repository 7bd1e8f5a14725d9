import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serverFolders } from '../contract/app.ts';
import { installNeovim } from '../support/installPackages.ts';

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface Seen {
  titles: string[];
  messages: string[];
  progress: string[];
  orders?: string[];
  hover?: string;
  problem?: string;
}

test('Neovim: code action → Fix this problem → accepted → the file is loaded again; Explain → hover', {
  timeout: 300_000,
}, async () => {
  await installNeovim();
  using folders = serverFolders();
  const file = (path: string) => join(folders.workspace, path);
  writeFileSync(file('src/page.ts'), "import { totalPrise } from './orders.ts';\n");
  writeFileSync(file('src/orders.ts'), 'export function totalPrice(a, b) {\n  return a + b;\n}\n');
  const results = file('seen.json');
  const env = {
    ...folders.env,
    HOME: folders.workspace,
    OSPAIN2_LSP: JSON.stringify([process.execPath, inRepository('cli/main.ts'), 'lsp']),
    OSPAIN2_PROBLEM: `'"./orders.ts"' has no exported member named 'totalPrise'. Did you mean 'totalPrice'?`,
    OSPAIN2_SEEN: results,
  };
  const script = `luafile ${inRepository('test/e2e/neovim.lua')}`;
  const options = { cwd: folders.workspace, env, timeout: 200_000 };
  await promisify(execFile)('nvim', ['--headless', '--clean', '-n', '-c', script], options);
  const seen: Seen = JSON.parse(readFileSync(results, 'utf8'));
  assert.equal(seen.problem, undefined);
  assert.ok(seen.titles.includes('OSPAiN2: Fix this problem: rename totalPrice to totalPrise in src/orders.ts'));
  assert.ok(!seen.titles.some((title) => title.includes('Write Tests')), 'what the model cannot do is not in the list');
  assert.deepEqual(seen.messages, [
    'Task 1 proposes: Renamed totalPrice to totalPrise.',
    'totalPrise returns the sum of a and b.',
  ]);
  assert.equal(seen.orders?.[0], 'export function totalPrise(a, b) {');
  assert.equal(seen.hover, 'totalPrise returns the sum of a and b.');
  assert.deepEqual([seen.progress[0], seen.progress.at(-1)], ['begin', 'end']);
});
