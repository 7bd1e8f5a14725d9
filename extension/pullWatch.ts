import * as vscode from 'vscode';
import type { Pull } from '../protocol/pulls.ts';
import { t } from '../protocol/words.ts';
import type { Connection } from './connection.ts';
import { problemOf, problemText } from './problem.ts';

/** Tells how a pull ended that was under way while this window was open: the person may have forgotten it. */
export function createPullWatch(connection: Connection): vscode.Disposable {
  const underWay = new Set<string>();
  return connection.on('pull/didChange', ({ pull }) => {
    if (pull.state === 'running' || pull.state === 'queued') underWay.add(pull.id);
    else if (underWay.delete(pull.id)) void tell(connection, pull);
  });
}

async function tell(connection: Connection, { state, model, source, error }: Pull): Promise<void> {
  if (state === 'failed' && error !== null)
    void vscode.window.showErrorMessage(`${source}: ${problemText(problemOf(error))}`);
  if (state !== 'done' || model === null) return;
  const use = t('Use for Tasks');
  if ((await vscode.window.showInformationMessage(t('{0} is here, from {1}.', model, source), use)) !== use) return;
  const client = await connection.connect();
  await client.request('model/setAlias', { alias: 'default', model });
}
