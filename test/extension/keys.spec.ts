import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../extension/extension.ts';
import type { KeyStatus } from '../../protocol/keys.ts';
import { api, runTask, writeInFolder } from './product.ts';

const PASSPHRASE = 'four words and a number 7';
const unlock = (passphrase?: string) =>
  vscode.commands.executeCommand<KeyStatus | undefined>('ospain2.key.unlock', passphrase);

describe('a passphrase', function () {
  this.timeout(180_000);
  let product: Api;

  before(async () => {
    product = await api();
    await writeInFolder('src/locked.ts', 'export const LOCKED = 1;\n');
    await runTask('Change LOCKED to 2 in src/locked.ts');
    await (await product.connect()).request('keys/setPassphrase', { passphrase: PASSPHRASE });
  });
  after(async () => {
    await unlock(PASSPHRASE);
    await (await product.connect()).request('keys/useStore', { store: 'file', passphrase: PASSPHRASE });
  });

  const isLocked = async () => {
    const client = await product.connect();
    const { status } = await client.request('keys/status', {});
    assert.equal(status.state, 'locked');
    await assert.rejects(client.request('task/list', {}), { code: 'key_locked' });
  };
  const isOpen = async () => {
    const { total } = await (await product.connect()).request('task/list', {});
    assert.ok(total > 0, 'everything is there');
  };

  it('is asked for by a server that was started, which lives until it is given', async () => {
    await vscode.commands.executeCommand('ospain2.server.restart');
    assert.equal(product.state.name, 'running');
    await isLocked();
    // The box that asks for it.
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await assert.rejects((await product.connect()).request('keys/unlock', { passphrase: 'not that one' }), {
      code: 'key_wrong',
    });
    assert.equal((await unlock(PASSPHRASE))?.state, 'open');
    await isOpen();
  });

  it('locks by a command, and nothing of the tasks stays in the view', async () => {
    await vscode.commands.executeCommand('ospain2.key.lock');
    await isLocked();
    const rows = await Promise.resolve(product.tasksTree.getChildren()).catch(() => []);
    assert.equal(
      rows.some((row) => row.type === 'task'),
      false,
    );
    await unlock(PASSPHRASE);
    await isOpen();
  });
});
