import * as vscode from 'vscode';
import type { Proposal } from '../../protocol/proposals.ts';
import type { Task } from '../../protocol/tasks.ts';
import type { Connected } from '../context.ts';
import { act } from '../notifier.ts';
import { shownFiles } from '../proposalFiles.ts';
import { UNDO } from '../taskEnd.ts';
import { waitsForReview } from '../taskList.ts';
import { counted } from '../views/quantities.ts';
import { fileUri } from '../workspace.ts';
import { type Command, connected } from './command.ts';
import { type Choice, pickTask } from './pickTask.ts';
import { pathOf } from './taskArgument.ts';

const open = (title: string): Choice => ({ title, none: 'No proposal waits for a review.', fits: waitsForReview });

export const proposalCommands: Readonly<Record<string, Command>> = {
  'ospain2.proposal.review': connected(async (context, argument) => {
    const task = await pickTask(context, argument, open('Review which proposal?'));
    if (task !== undefined) await context.reviews.review(task, pathOf(argument));
  }),

  'ospain2.proposal.accept': connected(async (context, argument) => {
    const task = await pickTask(context, argument, open('Accept which proposal?'));
    if (task === undefined || !(await mayOverwrite(await context.reviews.load(task.id)))) return undefined;
    const proposal = await decide(context, task, 'proposal/accept');
    void offerUndo(context, task, proposal);
    return proposal;
  }),

  'ospain2.proposal.reject': connected(async (context, argument) => {
    const task = await pickTask(context, argument, open('Reject which proposal?'));
    return task && decide(context, task, 'proposal/reject');
  }),

  'ospain2.proposal.undo': connected(async (context, argument) => {
    const task = await pickTask(context, argument, {
      title: 'Undo which accepted proposal?',
      none: 'No proposal was accepted.',
      fits: ({ proposal }) => proposal === 'accepted',
    });
    if (task === undefined || !(await mayOverwrite(await context.reviews.load(task.id)))) return undefined;
    const proposal = await decide(context, task, 'proposal/undo');
    vscode.window.setStatusBarMessage(`Task ${task.number} was undone: ${filesOf(proposal)}`, 5000);
    return proposal;
  }),
};

type Decision = 'proposal/accept' | 'proposal/reject' | 'proposal/undo';

/** Asks for it, and closes the editors that showed what is now decided. */
async function decide(context: Connected, task: Task, method: Decision): Promise<Proposal> {
  const { proposal } = await context.client.request(method, { taskId: task.id });
  await context.reviews.close(task.id);
  return proposal;
}

/** Unsaved changes of the same files would be in conflict with what is written: the person saves or steps back. */
async function mayOverwrite({ files }: Proposal): Promise<boolean> {
  const concerned = new Set(files.map(({ path }) => fileUri(path)?.toString()));
  const unsaved = vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && concerned.has(uri.toString()));
  if (unsaved.length === 0) return true;
  const names = unsaved.map(({ uri }) => vscode.workspace.asRelativePath(uri, false)).join(', ');
  const save = 'Save and Continue';
  const detail = 'What you save may be in conflict with the proposal; then nothing is written, and you are told.';
  const chosen = await vscode.window.showWarningMessage(`Unsaved: ${names}`, { modal: true, detail }, save);
  if (chosen !== save) return false;
  for (const document of unsaved) await document.save();
  return true;
}

async function offerUndo({ store }: Connected, task: Task, proposal: Proposal): Promise<void> {
  const text = `Task ${task.number} was accepted: ${filesOf(proposal)}`;
  const there = proposal.files.find(({ after }) => after !== null);
  const choices = [UNDO.title, ...(there === undefined ? [] : ['Open File'])];
  const chosen = await vscode.window.showInformationMessage(text, ...choices);
  if (chosen === UNDO.title) await act(store, UNDO, task.id);
  const uri = fileUri(there?.path ?? '');
  if (chosen === 'Open File' && uri !== undefined) await vscode.window.showTextDocument(uri);
}

function filesOf(proposal: Proposal): string {
  const files = shownFiles(proposal);
  return files.length === 1 && files[0] !== undefined ? files[0].path : counted(files.length, 'file');
}
