import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { giveModelFile } from '../support/vscode/ownModel.ts';
import { openWindow } from '../support/vscode/window.ts';

const vsix = process.env['OSPAIN2_TEST_VSIX'];

test('a command is asked about in the tree, in a message and in an editor', { timeout: 300_000 }, async () => {
  assert.ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
  using workspace = sampleWorkspace();
  using models = tempFolder('models');
  const model = join(models.path, 'acts.gguf');
  writeScriptedModel(
    model,
    [
      {
        answers: [
          '{"tool":"run_command","command":"echo hello > out.txt"}',
          '{"tool":"finish","outcome":"done"}\nHello.',
        ],
      },
    ],
    { contextLength: 4096 },
  );
  const window = await openWindow({ vsix, workspace: workspace.path, settings: {} });
  const submit = async () => {
    await window.palette('OSPAiN2: New Task…');
    await window.quickInput('Say hello');
    return window.treeRow('waits for your approval: run echo hello > out.txt');
  };
  try {
    await giveModelFile(window, workspace.path, model);
    const row = await submit();
    const message = await window.toast('waits for you: run echo hello > out.txt');
    await window.screenshot('approval-asked');
    await message.getByRole('button', { name: 'Show' }).click();
    await window.page.locator('.view-line', { hasText: 'wants to call run_command' }).waitFor();
    await window.screenshot('approval-shown');

    const inTitle = window.page.locator('.editor-actions').getByRole('button', { name: 'Deny What a Task Asks' });
    await inTitle.waitFor();

    await window.palette('OSPAiN2: Answer What a Task Asks…');
    await window.question('run echo hello > out.txt');
    await window.screenshot('approval-choices');
    await window.quickPick('Allow Once');
    await window.treeRow(/Say hello.*Hello\./);
    await window.page.locator('.view-line', { hasText: 'It was allowed.' }).waitFor();
    await inTitle.waitFor({ state: 'detached' });

    const again = await submit();
    await again.hover();
    await again.getByRole('button', { name: 'Deny What a Task Asks' }).click();
    await row.waitFor();
    await window.screenshot('approval-answered');
  } finally {
    await window.dispose();
  }
});
