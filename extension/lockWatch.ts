import * as vscode from 'vscode';
import type { KeyState } from '../protocol/keys.ts';
import { t } from '../protocol/words.ts';
import type { Connection } from './connection.ts';

/** Context key: the state of the keys, for menus. */
const KEYS_KEY = 'ospain2.keys';

/** Whether the server has the root secret, as far as this window knows. */
export interface LockWatch extends vscode.Disposable {
  readonly state: KeyState;
  readonly onDidChange: vscode.Event<void>;
}

/** Asks for the passphrase when a server started without it, and says so when one was locked meanwhile. */
export function createLockWatch(connection: Connection): LockWatch {
  const changed = new vscode.EventEmitter<void>();
  let state: KeyState = 'open';
  const set = (next: KeyState) => {
    state = next;
    vscode.commands.executeCommand('setContext', KEYS_KEY, state);
    changed.fire();
  };
  const ask = async () => {
    const client = await connection.connect();
    const { status } = await client.request('keys/status', {});
    set(status.state);
    if (status.state === 'locked') await vscode.commands.executeCommand('ospain2.key.unlock');
    if (status.state === 'missing') void offer(status.problem ?? '', t('Use Recovery Key…'), 'ospain2.key.recover');
  };
  const subscriptions = [
    changed,
    connection.on('keys/didChange', (told) => {
      const was = state;
      set(told.state);
      if (was === 'open' && state === 'locked') void offer(t('OSPAiN2 is locked.'), t('Unlock…'), 'ospain2.key.unlock');
    }),
    connection.onDidChangeState(({ name }) => {
      if (name === 'running') ask().catch(() => {});
      else if (state !== 'open') set('open');
    }),
  ];
  return {
    get state() {
      return state;
    },
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

async function offer(text: string, title: string, command: string): Promise<void> {
  if ((await vscode.window.showWarningMessage(text, title)) === title) await vscode.commands.executeCommand(command);
}
