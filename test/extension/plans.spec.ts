import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Task } from '../../protocol/tasks.ts';
import { activeTab, api, closeEditors, ended } from './product.ts';

describe('a plan', function () {
  this.timeout(180_000);
  let task: Task;

  before(async () => {
    const client = await (await api()).connect();
    const given = await client.request('task/submit', { kind: 'plan', instruction: 'add a cache to the parser' });
    task = await ended(client, given.task.id);
    assert.deepEqual([task.status, task.error], ['done', null]);
  });
  after(async () => {
    await (await (await api()).connect()).request('queue/resume', {});
    await closeEditors();
  });

  it('is a document that nothing on disk holds', async () => {
    await vscode.commands.executeCommand('ospain2.plan.open', task.id);
    assert.equal(activeTab()?.label, `Plan of task ${task.number}`);
    assert.match(
      text(),
      /^# add a cache to the parser\n# Change, add[^\n]*\n\n1\. \S.*\n2\. .* \(after 1\)\n3\. .* \(after 2\)\n$/,
    );
  });

  it('cannot be saved as something that is none', async () => {
    await write('1. One (after 2)\n2. Two\n');
    const document = vscode.window.activeTextEditor?.document;
    // VS Code shows the reason and keeps what was typed.
    assert.equal(await document?.save().then(undefined, () => false), false);
    assert.equal(document?.isDirty, true);
  });

  it('is edited by saving it, and started: its parts are tasks below it', async () => {
    const client = await (await api()).connect();
    await client.request('queue/pause', {});
    await write('1. One\n2. Two (after 1)\n');
    await vscode.commands.executeCommand('ospain2.plan.start', { taskId: task.id, autoAccept: 'none' });
    const { tasks } = await client.request('task/list', { parentId: task.id });
    assert.deepEqual(
      tasks.map(({ instruction, status }) => [instruction, status]),
      [
        ['Two', 'blocked'],
        ['One', 'pending'],
      ],
    );
    const { plan } = await client.request('plan/show', { taskId: task.id });
    assert.equal(plan.status, 'started');
    for (const { id } of tasks) await client.request('task/cancel', { taskId: id }).catch(() => {});
  });
});

const text = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';

async function write(content: string): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  assert.ok(editor, 'no editor is open');
  const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
  assert.ok(await editor.edit((change) => change.replace(whole, content)));
}
