import * as vscode from 'vscode';
import { t } from '../../protocol/words.ts';
import { problemOf, problemText } from '../problem.ts';

interface Action {
  readonly title: string;
  readonly command: string;
}

const log = (): Action => ({ title: t('Show Log'), command: 'ospain2.log.show' });
const restart = (): Action => ({ title: t('Restart Server'), command: 'ospain2.server.restart' });
const diagnostics = (): Action => ({ title: t('Save Diagnostics…'), command: 'ospain2.diagnostics.save' });

/** What helps with an error, by its code. */
const help: Readonly<Record<string, () => readonly Action[]>> = {
  no_folder: () => [{ title: t('Open Folder'), command: 'vscode.openFolder' }],
  not_running: () => [restart(), log()],
  key_locked: () => [{ title: t('Unlock…'), command: 'ospain2.key.unlock' }],
  unavailable: () => [log()],
  internal: () => [log(), diagnostics()],
};

/** Tells the person what went wrong and what to do. Resolves at once; the message stays until it is answered. */
export function report(thrown: unknown): void {
  const problem = problemOf(thrown);
  if (problem.code === 'cancelled') return;
  void ask(problemText(problem), help[problem.code]?.() ?? []);
}

async function ask(text: string, actions: readonly Action[]): Promise<void> {
  const chosen = await vscode.window.showErrorMessage(text, ...actions.map(({ title }) => title));
  const action = actions.find(({ title }) => title === chosen);
  if (action !== undefined) await vscode.commands.executeCommand(action.command);
}
