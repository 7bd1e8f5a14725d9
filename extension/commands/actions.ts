import * as vscode from 'vscode';
import { waitsForReview } from '../../protocol/taskList.ts';
import type { Task } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import { type ActionOrder, openText, plain, rangeOf } from '../codeActions.ts';
import type { Connected } from '../context.ts';
import { Unready } from '../problem.ts';
import { autoAccept, saveBeforeTask } from '../settings.ts';
import { runTask } from '../taskRun.ts';
import { type Command, connected } from './command.ts';

export const actionCommands: Readonly<Record<string, Command>> = {
  'ospain2.action.run': connected(async (context, order) => {
    if (isOrder(order)) await runAction(context, order);
  }),

  'ospain2.commitMessage.write': connected(async (context, sourceControl) => {
    const repository = await repositoryOf(sourceControl);
    const diff = await repository.diff(true);
    const { inputBox } = repository;
    if (inputBox.value.trim() !== '' && !(await mayReplace())) return undefined;
    const task = await vscode.window.withProgress({ location: vscode.ProgressLocation.SourceControl }, () =>
      runTask(context.connection, {
        submit: async (id) => (await context.client.request('action/commitMessage', { id, diff })).task,
      }),
    );
    if (task.status === 'done') inputBox.value = task.result ?? '';
    else context.notifier.tell(task);
    return task;
  }),
};

async function runAction(context: Connected, { uri, range, action, problems }: ActionOrder): Promise<void> {
  const { connection, client, inlineRuns, store } = context;
  const { name, question, title } = action;
  const said = question === null ? '' : await ask(title, question);
  if (said === undefined) return;
  const document = await vscode.workspace.openTextDocument(uri);
  // Its edits are made from what is on disk. A question is about what is on the screen.
  if (name !== 'ask' && name !== 'explain' && document.isDirty && saveBeforeTask()) await document.save();
  const open = openText(document);
  if (open === undefined) return;
  const about = rangeOf(action.range);
  let taskId = '';
  try {
    const task = await runTask(connection, {
      submit: async (id) => {
        taskId = id;
        const problem = problems.length > 0 ? 0 : null;
        const asked = { ...open, id, name, range: plain(range), problems, problem, autoAccept: autoAccept() };
        const { task } = await client.request('action/run', { ...asked, ...(said !== '' && { said }) });
        store.put(task);
        return task;
      },
      onChange: (task) => inlineRuns.show(task, document, about),
    });
    await showEnd(context, task, document, about);
  } finally {
    inlineRuns.stop(taskId);
  }
}

/** Where the person still is, what came of it is shown there; else they are told. */
async function showEnd(
  { inlineRuns, notifier, reviews }: Connected,
  task: Task,
  document: vscode.TextDocument,
  range: vscode.Range,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const isHere = editor?.document === document;
  if (task.status === 'done' && task.proposal === null) {
    inlineRuns.answer(task, document, range);
    if (!isHere || !range.contains(editor.selection.active)) return notifier.tell(task);
    await vscode.commands.executeCommand('editor.action.showHover', { focus: false });
  } else if (isHere && waitsForReview(task)) await reviews.review(task);
  else notifier.tell(task);
}

const ask = (title: string, prompt: string): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: `OSPAiN2: ${title}`,
    prompt,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? prompt : undefined),
  });

const isOrder = (value: unknown): value is ActionOrder =>
  typeof value === 'object' && value !== null && 'action' in value && 'uri' in value && 'range' in value;

/** The part of the API of VS Code's own Git extension that is used here. */
interface Git {
  getAPI(version: 1): {
    readonly repositories: readonly Repository[];
    getRepository(uri: vscode.Uri): Repository | null;
  };
}

interface Repository {
  readonly inputBox: { value: string };
  /** `git diff`, or with `--cached`. */
  diff(cached: boolean): Promise<string>;
}

async function repositoryOf(sourceControl: unknown): Promise<Repository> {
  const git = await vscode.extensions.getExtension<Git>('vscode.git')?.activate();
  const root = (sourceControl as vscode.SourceControl | undefined)?.rootUri;
  const api = git?.getAPI(1);
  const found = (root && api?.getRepository(root)) ?? api?.repositories[0];
  if (found) return found;
  throw new Unready(
    'no_repository',
    t('There is no Git repository here.'),
    t('Open a folder of one, with Git enabled.'),
  );
}

async function mayReplace(): Promise<boolean> {
  const replace = t('Replace');
  return (
    (await vscode.window.showWarningMessage(t('Replace the message that is there?'), { modal: true }, replace)) ===
    replace
  );
}
