import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { giveModelFile } from '../support/vscode/ownModel.ts';
import { openWindow } from '../support/vscode/window.ts';

const vsix = process.env['OSPAIN2_TEST_VSIX'];

const LINES = Array.from({ length: 20 }, (_, n) => `line ${n + 1}\n`).join('');
const block = (line: number) => `\n<<<<<<< SEARCH\nline ${line}\n=======\nLINE ${line}\n>>>>>>> REPLACE`;
/** A model that changes three lines of one file and makes another, whatever it is asked. */
const ANSWERS = [
  `{"tool":"edit_file","path":"src/lines.txt"}${block(3)}${block(10)}${block(17)}`,
  '{"tool":"edit_file","path":"src/other.txt"}\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE',
  '{"tool":"finish","outcome":"done"}\nDone.',
];

test('a hunk is accepted from the comparison; what is in conflict is shown', { timeout: 300_000 }, async () => {
  assert.ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
  using workspace = sampleWorkspace();
  using folder = tempFolder('scripted');
  const model = join(folder.path, 'scripted.gguf');
  writeScriptedModel(model, [{ answers: ANSWERS }], { contextLength: 16_384 });
  const file = join(workspace.path, 'src/lines.txt');
  writeFileSync(file, LINES);
  const window = await openWindow({
    ...{ vsix, workspace: workspace.path },
    settings: { 'diffEditor.codeLens': true },
  });
  try {
    await giveModelFile(window, workspace.path, model);
    await window.palette('OSPAiN2: New Task…');
    await window.quickInput('Make the lines large');
    await window.treeRow('to review');
    const row = await window.treeRow('Make the lines large');
    await window.contextMenu(row, 'Review Proposal');
    await window.page.locator('.codelens-decoration', { hasText: 'Accept hunk 2 of 3' }).first().waitFor();
    await window.screenshot('hunks');

    await window.page.locator('.codelens-decoration a', { hasText: 'Accept hunk 2 of 3' }).first().click();
    await window.page.locator('.codelens-decoration', { hasText: 'Accept hunk 2 of 2' }).first().waitFor();
    assert.equal(readFileSync(file, 'utf8'), LINES.replace('line 10\n', 'LINE 10\n'));
    await window.screenshot('hunk-accepted');

    writeFileSync(file, LINES.replace('line 10\n', 'LINE 10\n').replace('line 17\n', 'my line\n'));
    await window.contextMenu(row, 'Accept Proposal');
    const toast = await window.toast('Changed meanwhile: src/lines.txt');
    await window.screenshot('conflict-told');
    await toast.getByText('Merge…').click();
    await window.page.locator('.view-line', { hasText: '<<<<<<< on disk' }).first().waitFor();
    await window.screenshot('conflict');
  } finally {
    await window.dispose();
  }
});
