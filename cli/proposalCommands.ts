import { resolve } from 'node:path';
import { errorCodes, OspainError, type Proposal, type ReviewedFile, type Selection } from '../protocol/index.ts';
import { diffText } from './diffText.ts';
import type { Screen } from './screen.ts';
import { type Context, insidePath, taskRef } from './taskCommands.ts';
import { plural } from './text.ts';

/** A part of a proposal, as people say it: files, and of a single one its hunks by their numbers. */
export interface PartOptions {
  file: string[];
  hunk: number[];
}

const names = (files: readonly { path: string }[], { safe }: Screen): string =>
  files.map(({ path }) => safe(path)).join(', ');

/** What is left to decide, its hunks numbered; of a proposal that is decided, what became of it. */
export async function diffTask({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const { proposal } = await client.request('proposal/show', { taskId: taskRef(ref) });
  screen.data({ proposal });
  const left = isLeft(proposal) ? proposal.files.filter(({ hunks }) => hunks.length > 0) : proposal.files;
  screen.print(left.length === 0 ? 'Nothing is left to decide.' : diffText({ ...proposal, files: left }, screen));
  for (const { path, fit } of left) {
    if (fit === 'merge') screen.warn(`${screen.safe(path)} was changed meanwhile; it can be merged.`);
    if (fit === 'conflict') screen.warn(`${screen.safe(path)} was changed meanwhile in the same lines.`);
  }
  return 0;
}

export async function acceptTask(
  context: Context,
  ref: string,
  { merge = false, ...part }: PartOptions & { merge?: boolean },
): Promise<number> {
  const { link, screen } = context;
  const { client } = await link.open();
  const taskId = taskRef(ref);
  const files = await selection(context, taskId, part);
  const { proposal } = await client.request('proposal/accept', { taskId, merge, ...(files && { files }) });
  screen.data({ proposal });
  screen.print(`Written: ${names(files ?? proposal.files, screen)}.`);
  sayWhatIsLeft(proposal, screen);
  return 0;
}

export async function rejectTask(context: Context, ref: string, part: PartOptions): Promise<number> {
  const { link, screen } = context;
  const { client } = await link.open();
  const taskId = taskRef(ref);
  const files = await selection(context, taskId, part);
  const { proposal: before } = await client.request('proposal/show', { taskId });
  const { proposal } = await client.request('proposal/reject', { taskId, ...(files && { files }) });
  screen.data({ proposal });
  const dropped = files ?? before.files.filter(({ written }) => written !== 'all');
  screen.print(`Rejected; nothing was written: ${names(dropped, screen)}.`);
  sayWhatIsLeft(proposal, screen);
  return 0;
}

export async function undoTask({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const { proposal } = await client.request('proposal/undo', { taskId: taskRef(ref) });
  screen.data({ proposal });
  screen.print(`Taken back: ${names(proposal.files, screen)}.`);
  return 0;
}

/** Ends as a conflict does when there is something left that a person has to decide. */
export async function mergeTask({ link, screen }: Context, ref: string, { markers = false }): Promise<number> {
  const { client } = await link.open();
  const { proposal, conflicts } = await client.request('proposal/merge', { taskId: taskRef(ref), markers });
  screen.data({ proposal, conflicts });
  if (conflicts.length === 0) screen.print('The edits fit the files as they are now. See them: ospain2 task diff');
  for (const path of conflicts) screen.warn(`${screen.safe(path)}: the same lines were changed meanwhile.`);
  return conflicts.length === 0 ? 0 : errorCodes.conflict.exit;
}

/** Both sides of what cannot be merged, with markers; nothing of it is written anywhere. */
export async function showConflicts({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const { conflicts } = await client.request('proposal/conflicts', { taskId: taskRef(ref) });
  for (const conflict of conflicts) screen.data({ conflict });
  if (conflicts.length === 0) screen.print('There are no conflicts.');
  for (const { path, reason, marked } of conflicts) {
    screen.print(screen.paint.bold(`${screen.safe(path)}: ${reason}`));
    if (marked !== null) screen.print(screen.safe(marked.replace(/\n$/, '')));
  }
  return 0;
}

const isLeft = ({ status }: Proposal): boolean => status === 'open' || status === 'undone';

function sayWhatIsLeft({ status, files }: Proposal, screen: Screen): void {
  if (status !== 'open') return;
  const hunks = files.reduce((sum, file) => sum + file.hunks.length, 0);
  screen.note(`${plural(hunks, 'hunk')} left to decide.`);
}

/** Undefined for all of it. */
async function selection({ link, host, workspace }: Context, taskId: string, part: PartOptions) {
  const paths = part.file.map((file) => insidePath(workspace, resolve(host.cwd, file)));
  const [path] = paths;
  if (path === undefined && part.hunk.length === 0) return undefined;
  if (part.hunk.length === 0) return paths.map((one) => ({ path: one })) satisfies Selection;
  if (path === undefined || paths.length > 1)
    throw new OspainError('invalid_params', 'Hunks are numbered within one file.', { hint: 'Name it with --file.' });
  const { proposal } = await (await link.open()).client.request('proposal/show', { taskId });
  const hunks = hunksOf(
    proposal.files.find((file) => file.path === path),
    part.hunk,
    path,
  );
  return [{ path, hunks }] satisfies Selection;
}

function hunksOf(file: ReviewedFile | undefined, numbers: readonly number[], path: string): string[] {
  return numbers.map((number) => {
    const hunk = file?.hunks[number - 1];
    if (hunk !== undefined) return hunk.id;
    throw new OspainError('not_found', `There is no hunk ${number} of ${path} to decide on.`, {
      hint: 'See them: ospain2 task diff',
    });
  });
}
