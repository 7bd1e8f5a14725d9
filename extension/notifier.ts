import * as vscode from 'vscode';
import { isEnded } from '../protocol/taskList.ts';
import type { Task } from '../protocol/tasks.ts';
import { type Action, endNotice, lateNotice, type Notice } from './taskEnd.ts';
import type { TaskStore } from './taskStore.ts';

/** Tells the person how the tasks that they gave in this window ended, each once. */
export interface Notifier extends vscode.Disposable {
  watch(taskId: string): void;
  /** Says at once how a task ended that is watched by nobody. */
  tell(task: Task): void;
}

export function createNotifier(store: TaskStore): Notifier {
  const watched = new Set<string>();
  const tellEnd = (task: Task) => {
    const notice = endNotice(task);
    if (notice !== undefined) void tell(store, notice, task.id);
  };
  const look = (task: Task | undefined) => {
    if (task === undefined || !watched.has(task.id) || !isEnded(task)) return;
    watched.delete(task.id);
    tellEnd(task);
  };
  // Many tasks at once come without saying which.
  const subscription = store.onDidChange((task) => {
    if (task !== undefined) look(task);
    else for (const id of [...watched]) look(store.get(id));
  });
  return {
    watch: (taskId) => {
      watched.add(taskId);
    },
    tell: tellEnd,
    dispose: () => subscription.dispose(),
  };
}

/** Does what a message offered, if that still makes sense; else tells how the task is. */
export async function act(store: TaskStore, { command, fits }: Action, taskId: string): Promise<void> {
  const task = store.get(taskId);
  if (task === undefined || fits(task)) await vscode.commands.executeCommand(command, taskId);
  else await tell(store, lateNotice(task), taskId);
}

async function tell(store: TaskStore, { severity, text, actions }: Notice, taskId: string): Promise<void> {
  const titles = actions.map(({ title }) => title);
  const show = severity === 'error' ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const chosen = await show(text, ...titles);
  const action = actions.find(({ title }) => title === chosen);
  if (action !== undefined) await act(store, action, taskId);
}
