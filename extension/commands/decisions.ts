import * as vscode from 'vscode';
import type { Proposal, Selection } from '../../protocol/proposals.ts';
import type { Task } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { problemOf } from '../problem.ts';
import { fileUri } from '../workspace.ts';

export type PartDecision = 'proposal/accept' | 'proposal/reject';

/** Decides on a part; editors show what is left, and close when nothing is. Undefined when it was not done. */
export async function decidePart(
  context: Connected,
  method: PartDecision,
  taskId: string,
  files: Selection,
): Promise<Proposal | undefined> {
  const { client, reviews } = context;
  if (method === 'proposal/accept' && !(await mayOverwrite(files.map(({ path }) => path)))) return undefined;
  const { task } = await client.request('task/show', { taskId });
  const done = await unlessConflict(task, t('Merge…'), 'ospain2.proposal.merge', () =>
    client.request(method, { taskId: task.id, files }),
  );
  if (done === undefined) return undefined;
  await reviews.closeDecided(await reviews.load(task.id));
  return done.proposal;
}

/** Runs what writes files. A conflict is told with what can be done about it; then the answer is undefined. */
export async function unlessConflict<T>(
  { id }: Task,
  title: string,
  command: string,
  run: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await run();
  } catch (thrown) {
    const { code, message } = problemOf(thrown);
    if (code !== 'conflict') throw thrown;
    void vscode.window.showWarningMessage(message, title).then((chosen) => {
      if (chosen === title) void vscode.commands.executeCommand(command, id);
    });
    return undefined;
  }
}

/** Unsaved changes of the same files would be in conflict with what is written: the person saves or steps back. */
export async function mayOverwrite(paths: readonly string[]): Promise<boolean> {
  const concerned = new Set(paths.map((path) => fileUri(path)?.toString()));
  const unsaved = vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && concerned.has(uri.toString()));
  if (unsaved.length === 0) return true;
  const names = unsaved.map(({ uri }) => vscode.workspace.asRelativePath(uri, false)).join(', ');
  const save = t('Save and Continue');
  const detail = t('What you save may be in conflict with the proposal; then nothing is written, and you are told.');
  const chosen = await vscode.window.showWarningMessage(t('Unsaved: {0}', names), { modal: true, detail }, save);
  if (chosen !== save) return false;
  for (const document of unsaved) await document.save();
  return true;
}
