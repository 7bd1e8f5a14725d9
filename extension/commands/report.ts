import * as vscode from 'vscode';
import { problemOf, problemText } from '../problem.ts';

interface Action {
  readonly title: string;
  readonly command: string;
}

const LOG: Action = { title: 'Show Log', command: 'ospain2.log.show' };
const RESTART: Action = { title: 'Restart Server', command: 'ospain2.server.restart' };
const DIAGNOSTICS: Action = { title: 'Save Diagnostics…', command: 'ospain2.diagnostics.save' };

/** What helps with an error, by its code. */
const ACTIONS: Readonly<Record<string, readonly Action[]>> = {
  no_folder: [{ title: 'Open Folder', command: 'vscode.openFolder' }],
  not_running: [RESTART, LOG],
  unavailable: [LOG],
  internal: [LOG, DIAGNOSTICS],
};

/** Tells the person what went wrong and what to do. Resolves at once; the message stays until it is answered. */
export function report(thrown: unknown): void {
  const problem = problemOf(thrown);
  if (problem.code === 'cancelled') return;
  void ask(problemText(problem), ACTIONS[problem.code] ?? []);
}

async function ask(text: string, actions: readonly Action[]): Promise<void> {
  const chosen = await vscode.window.showErrorMessage(text, ...actions.map(({ title }) => title));
  const action = actions.find(({ title }) => title === chosen);
  if (action !== undefined) await vscode.commands.executeCommand(action.command);
}
