import { createTwoFilesPatch } from 'diff';
import { type Connection, MessageType, type Range, ShowMessageNotification } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Proposal, Result, Task, WireError } from '../../protocol/index.ts';
import type { ActionResults } from './actionResults.ts';
import type { EditorFiles } from './editorFiles.ts';
import type { Served } from './served.ts';

export interface ActionRun {
  connection: Connection;
  served: Served;
  files: EditorFiles;
  results: ActionResults;
  /** Whether the editor shows progress that nobody asked it for. */
  showsProgress: boolean;
}

/** Where an action was asked for, and what it was called there. */
export interface Asked {
  title: string;
  document: TextDocument;
  range: Range;
}

const ACCEPT = { title: 'Accept' };
const SHOW = { title: 'Show' };
const REJECT = { title: 'Reject' };
/** Lines of a change that one message shows. */
const SHOWN = 60;

/** Begins to listen for a task before it is submitted, so that no word of it is missed. */
export function followTask({ onNotification }: Served, id: string): Followed {
  const { promise, resolve } = Promise.withResolvers<Task>();
  let tell = (_task: Task) => {};
  const stop = onNotification((notification) => {
    if (notification.method !== 'task/didChange' || notification.params.task.id !== id) return;
    const { task } = notification.params;
    tell(task);
    if (['done', 'failed', 'cancelled'].includes(task.status)) resolve(task);
  });
  return {
    ended: promise.finally(stop),
    stop,
    onChange(listener) {
      tell = listener;
    },
  };
}

interface Followed {
  ended: Promise<Task>;
  stop(): void;
  onChange(listener: (task: Task) => void): void;
}

/** Shows the task as it runs, where it can be cancelled, and what comes of it. */
export async function showRun(run: ActionRun, asked: Asked, followed: Followed, task: Task): Promise<void> {
  const { connection, served } = run;
  const progress = run.showsProgress ? await connection.window.createWorkDoneProgress() : undefined;
  progress?.begin(`OSPAiN2: ${asked.title}`, undefined, task.waits ?? '', true);
  progress?.token.onCancellationRequested(() => void served.dispatch('task/cancel', { taskId: task.id }));
  followed.onChange(({ progress: line, waits }) => progress?.report(line ?? waits ?? ''));
  const ended = await followed.ended;
  progress?.done();
  await showEnd(run, asked, ended);
}

async function showEnd(run: ActionRun, { document, range }: Asked, task: Task): Promise<void> {
  if (task.status === 'failed')
    return tell(run, `Task ${task.number} failed. ${errorText(task.error)}`, MessageType.Error);
  if (task.status !== 'done') return;
  if (task.proposal === 'open') return decide(run, task);
  const said = task.result ?? '';
  run.results.put(document, range, said);
  tell(run, said);
}

/** The library's own ways to show a message wait for an answer. */
function tell({ connection }: ActionRun, message: string, type: MessageType = MessageType.Info): void {
  void connection.sendNotification(ShowMessageNotification.type, { type, message });
}

/**
 * Asks what shall become of a proposal. The server writes the files, as for every other client: all of them or none, with
 * what they replaced kept, and the editor loads them again. Edits made by the editor would be in its undo list instead, and
 * neither atomic nor there to undo tomorrow.
 */
async function decide(run: ActionRun, task: Task): Promise<void> {
  const { connection, served } = run;
  const outcome = await served.dispatch('proposal/show', { taskId: task.id });
  if (!outcome.ok) return tell(run, errorText(outcome.error), MessageType.Error);
  const { proposal } = outcome.result as Result<'proposal/show'>;
  const text = `Task ${task.number} proposes: ${task.result}`;
  let chosen = await connection.window.showInformationMessage(text, ACCEPT, SHOW, REJECT);
  if (chosen?.title === SHOW.title)
    chosen = await connection.window.showInformationMessage(diffText(proposal), ACCEPT, REJECT);
  while (chosen?.title === ACCEPT.title) {
    const unsaved = unsavedOf(run.files, proposal);
    if (unsaved.length === 0) return settle(run, task, 'proposal/accept');
    const names = unsaved.join(', ');
    chosen = await connection.window.showWarningMessage(`Not saved: ${names}. Save, then accept.`, ACCEPT, REJECT);
  }
  if (chosen?.title === REJECT.title) await settle(run, task, 'proposal/reject');
}

async function settle(run: ActionRun, { id }: Task, method: string): Promise<void> {
  const outcome = await run.served.dispatch(method, { taskId: id });
  if (!outcome.ok) tell(run, errorText(outcome.error), MessageType.Error);
}

/** Files that the editor has otherwise than the task saw them. */
function unsavedOf(files: EditorFiles, proposal: Proposal): string[] {
  const differing = proposal.files.filter(({ path, before }) => {
    const open = files.at(path)?.getText();
    return open !== undefined && plain(open) !== plain(before ?? '');
  });
  return differing.map(({ path }) => path);
}

const plain = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

function diffText({ files }: Proposal): string {
  const patches = files.map(({ path, before, after }) =>
    createTwoFilesPatch(path, path, before ?? '', after ?? '', undefined, undefined, { context: 3 }),
  );
  const lines = patches.join('').replace(/^=+\n/gm, '').trimEnd().split('\n');
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(more > 0 ? [`(${more} more lines)`] : [])].join('\n');
}

export const errorText = (error: WireError | null): string =>
  error === null ? '' : `${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`;
