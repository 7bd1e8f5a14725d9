import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, extension } from './product.ts';

interface Contributed {
  readonly command: string;
}

describe('activation', () => {
  it('waits until VS Code itself has started, or shows again what is ours', () => {
    const events = ['onStartupFinished', 'onWebviewPanel:ospain2.hub', 'onFileSystem:ospain2'];
    assert.deepEqual(extension().packageJSON.activationEvents, events);
  });

  it('starts no server', async () => {
    const { state } = await api();
    assert.equal(state.name, 'off');
  });

  it('registers the commands of the manifest, and no others', async () => {
    await api();
    const declared = extension().packageJSON.contributes.commands.map(({ command }: Contributed) => command);
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('ospain2.'));
    // VS Code adds its own for each view, such as `ospain2.tasks.focus`.
    const own = registered.filter((id) => !/^ospain2\.(tasks|notes|schedules|models)\./.test(id));
    assert.deepEqual(own.sort(), [...declared].sort());
  });
});
