import * as vscode from 'vscode';
import { shownFiles } from '../../protocol/proposalFiles.ts';
import type { Proposal } from '../../protocol/proposals.ts';
import { waitsForReview } from '../../protocol/taskList.ts';
import type { Task } from '../../protocol/tasks.ts';
import { plural, t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { act } from '../notifier.ts';
import { undo } from '../taskEnd.ts';
import { fileUri } from '../workspace.ts';
import { type Command, connected } from './command.ts';
import { mayOverwrite, unlessConflict } from './decisions.ts';
import { type Choice, pickTask } from './pickTask.ts';
import { pathOf } from './taskArgument.ts';

const open = (title: string): Choice => ({ title, none: t('No proposal waits for a review.'), fits: waitsForReview });

export const proposalCommands: Readonly<Record<string, Command>> = {
  'ospain2.proposal.review': connected(async (context, argument) => {
    const task = await pickTask(context, argument, open(t('Review which proposal?')));
    if (task !== undefined) await context.reviews.review(task, pathOf(argument));
  }),

  'ospain2.proposal.accept': connected(async (context, argument) => {
    const task = await pickTask(context, argument, { ...open(t('Accept which proposal?')), fits: canAccept });
    if (task === undefined || !(await mayOverwrite(pathsOf(await context.reviews.load(task.id))))) return undefined;
    const proposal = await unlessConflict(task, t('Merge…'), 'ospain2.proposal.merge', () =>
      decide(context, task, 'proposal/accept'),
    );
    if (proposal !== undefined) void offerUndo(context, task, proposal);
    return proposal;
  }),

  'ospain2.proposal.reject': connected(async (context, argument) => {
    const task = await pickTask(context, argument, open(t('Reject which proposal?')));
    return task && decide(context, task, 'proposal/reject');
  }),

  'ospain2.proposal.undo': connected(async (context, argument) => {
    const task = await pickTask(context, argument, {
      title: t('Undo which accepted proposal?'),
      none: t('No proposal was accepted.'),
      fits: ({ proposal }) => proposal === 'accepted',
    });
    if (task === undefined || !(await mayOverwrite(pathsOf(await context.reviews.load(task.id))))) return undefined;
    const proposal = await unlessConflict(task, t('Show Conflict'), 'ospain2.proposal.showConflicts', () =>
      decide(context, task, 'proposal/undo'),
    );
    if (proposal === undefined) return undefined;
    vscode.window.setStatusBarMessage(t('Task {0} was undone: {1}', task.number, filesOf(proposal)), 5000);
    return proposal;
  }),

  'ospain2.proposal.merge': connected(async (context, argument) => {
    const task = await pickTask(context, argument, { ...open(t('Merge which proposal?')), fits: canAccept });
    if (task === undefined || !(await mayOverwrite(pathsOf(await context.reviews.load(task.id))))) return undefined;
    const { proposal, conflicts } = await context.client.request('proposal/merge', { taskId: task.id });
    await context.reviews.load(task.id);
    // What fits now is to be looked at before it is accepted; what does not is for the person to finish.
    if (conflicts.length === 0) await context.reviews.review(task);
    else await openMerges(context, task);
    return { proposal, conflicts };
  }),

  'ospain2.proposal.showConflicts': connected(async (context, argument) => {
    const task = await pickTask(context, argument, {
      ...open(t('Show the conflicts of which proposal?')),
      fits: isDecided,
    });
    if (task === undefined) return;
    const { conflicts } = await context.client.request('proposal/conflicts', { taskId: task.id });
    if (conflicts.length === 0) void vscode.window.showInformationMessage(t('There are no conflicts.'));
    else if (canAccept(task)) await context.merges.open(task, conflicts);
    else await context.reviews.showConflicts(task, conflicts);
  }),
};

async function openMerges({ client, merges }: Connected, task: Task): Promise<void> {
  const { conflicts } = await client.request('proposal/conflicts', { taskId: task.id });
  await merges.open(task, conflicts);
}

const canAccept = ({ status, proposal }: Task): boolean =>
  status === 'done' && (proposal === 'open' || proposal === 'undone');
const isDecided = (task: Task): boolean => canAccept(task) || task.proposal === 'accepted';

const pathsOf = ({ files }: Proposal): string[] => files.map(({ path }) => path);

type Decision = 'proposal/accept' | 'proposal/reject' | 'proposal/undo';

/** Asks for it, and closes the editors that showed what is now decided. */
async function decide(context: Connected, task: Task, method: Decision): Promise<Proposal> {
  const { proposal } = await context.client.request(method, { taskId: task.id });
  await context.reviews.close(task.id);
  return proposal;
}

async function offerUndo({ store }: Connected, task: Task, proposal: Proposal): Promise<void> {
  const text = t('Task {0} was accepted: {1}', task.number, filesOf(proposal));
  const there = proposal.files.find(({ after }) => after !== null);
  const [takeBack, open] = [undo(), t('Open File')];
  const choices = [takeBack.title, ...(there === undefined ? [] : [open])];
  const chosen = await vscode.window.showInformationMessage(text, ...choices);
  if (chosen === takeBack.title) await act(store, takeBack, task.id);
  const uri = fileUri(there?.path ?? '');
  if (chosen === open && uri !== undefined) await vscode.window.showTextDocument(uri);
}

function filesOf(proposal: Proposal): string {
  const files = shownFiles(proposal);
  return files.length === 1 && files[0] !== undefined ? files[0].path : plural('{0} file|{0} files', files.length);
}
