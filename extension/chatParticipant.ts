import * as vscode from 'vscode';
import { INTERACTIVE } from '../protocol/interactive.ts';
import { waitsForReview } from '../protocol/taskList.ts';
import type { Task, TaskContext, TaskKind } from '../protocol/tasks.ts';
import { t } from '../protocol/words.ts';
import type { Connection } from './connection.ts';
import { problemOf, problemText } from './problem.ts';
import { autoAccept } from './settings.ts';
import { runTask } from './taskRun.ts';
import { pathInFolder } from './workspace.ts';

const ID = 'ospain2.chat';
const KINDS: readonly string[] = ['ask', 'agent', 'plan'] satisfies TaskKind[];

/** `@ospain2` in VS Code's own chat, where that is there. */
export function registerChatParticipant(handler: vscode.ChatRequestHandler): vscode.Disposable {
  // Editors made of VS Code may come without its chat.
  if (typeof vscode.chat?.createChatParticipant !== 'function') return new vscode.Disposable(() => {});
  const participant = vscode.chat.createChatParticipant(ID, handler);
  participant.iconPath = new vscode.ThemeIcon('server-process');
  return participant;
}

/** Each request is a task, which continues that of the request before it: the model hears what was said. */
export const createChatHandler =
  (connection: Connection): vscode.ChatRequestHandler =>
  async (request, { history }, stream, token) => {
    const kind = (KINDS.includes(request.command ?? '') ? request.command : 'ask') as TaskKind;
    const context = await contextOf(request.references, kind);
    const continues = taskBefore(history);
    const shown = showTask(connection, stream, kind);
    let taskId = '';
    try {
      const client = await connection.connect();
      const cancel = () => void client.request('task/cancel', { taskId }).catch(() => {});
      const task = await runTask(connection, {
        submit: async (id) => {
          taskId = id;
          shown.begin(id);
          const asked = { id, kind, instruction: request.prompt, priority: INTERACTIVE, autoAccept: autoAccept() };
          const about = { ...(context && { context }), ...(continues && { continues }) };
          const { task } = await client.request('task/submit', { ...asked, ...about });
          if (token.isCancellationRequested) cancel();
          token.onCancellationRequested(cancel);
          return task;
        },
        onChange: (task) => shown.progress(task),
      });
      shown.end(task);
      const metadata = { taskId: task.id };
      if (task.error === null) return { metadata };
      return { metadata, errorDetails: { message: problemText(task.error) } };
    } catch (thrown) {
      return { errorDetails: { message: problemText(problemOf(thrown)) } };
    } finally {
      shown.dispose();
    }
  };

/** A task as an answer of the chat: an answer as it is written, a change call by call and then to decide on. */
function showTask(connection: Connection, stream: vscode.ChatResponseStream, kind: TaskKind) {
  let [taskId, line, written] = ['', '', ''];
  const say = (text: string | null) => {
    if (text === null || text === line) return;
    line = text;
    stream.progress(text);
  };
  const listening = connection.on('task/didEvent', ({ event }) => {
    if (event.taskId !== taskId || event.type !== 'text' || kind !== 'ask') return;
    written += event.data.text;
    stream.markdown(event.data.text);
  });
  return {
    begin(id: string) {
      taskId = id;
    },
    progress({ status, progress, waits }: Task) {
      if (status !== 'done') say(progress ?? waits);
    },
    end(task: Task) {
      const said = task.result ?? '';
      // The end may say more than the model wrote, such as that it was cut off.
      if (said.startsWith(written.trim())) stream.markdown(said.slice(written.trim().length));
      const open = (title: string, command: string) => stream.button({ title, command, arguments: [task.id] });
      if (waitsForReview(task)) {
        open(t('Review'), 'ospain2.proposal.review');
        open(t('Accept'), 'ospain2.proposal.accept');
        open(t('Reject'), 'ospain2.proposal.reject');
      }
      open(t('Open Task {0}', task.number), 'ospain2.task.open');
    },
    dispose: () => listening.dispose(),
  };
}

/** The task of the last answer of ours that was one. */
function taskBefore(history: readonly object[]): string | undefined {
  const turns = history.flatMap((turn) => ('result' in turn ? [turn as vscode.ChatResponseTurn] : []));
  const last = turns.findLast(({ participant }) => participant === ID);
  const { metadata, errorDetails } = last?.result ?? {};
  return errorDetails === undefined && typeof metadata?.['taskId'] === 'string' ? metadata['taskId'] : undefined;
}

/** The first file or selection that the person attached. */
async function contextOf(
  references: readonly vscode.ChatPromptReference[],
  kind: TaskKind,
): Promise<TaskContext | undefined> {
  for (const { value } of references) {
    const isLocation = value instanceof vscode.Location;
    const uri = isLocation ? value.uri : value;
    const path = uri instanceof vscode.Uri ? pathInFolder(uri) : undefined;
    if (path === undefined || !(uri instanceof vscode.Uri)) continue;
    // An agent reads files itself.
    if (kind !== 'ask' && !isLocation) return { path };
    const document = await vscode.workspace.openTextDocument(uri);
    return { path, text: document.getText(isLocation ? value.range : undefined) };
  }
  return undefined;
}
