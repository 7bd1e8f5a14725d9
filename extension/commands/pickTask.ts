import * as vscode from 'vscode';
import type { Task } from '../../protocol/tasks.ts';
import type { Connected } from '../context.ts';
import { clock } from '../views/clock.ts';
import { taskLook } from '../views/taskItem.ts';
import { selectedIds, taskIdOf } from './taskArgument.ts';

export interface Choice {
  /** What the list of choices says, such as `Cancel which task?`. */
  readonly title: string;
  /** What is said when there is nothing to choose from. */
  readonly none: string;
  fits(task: Task): boolean;
}

/** The task that is meant: by the argument, by the editor in front if it fits, or by the person's choice. Undefined: none. */
export async function pickTask(context: Connected, argument: unknown, choice: Choice): Promise<Task | undefined> {
  const meant = await meantTask(context, argument, choice);
  if (meant !== undefined) return meant;
  const items = await itemsOf(context, choice);
  if (items === undefined) return undefined;
  const chosen = await vscode.window.showQuickPick(items, { title: choice.title, matchOnDescription: true });
  return chosen?.task;
}

/** The tasks that are meant: the selection of the tree as far as it fits, or as for one task. Empty: none. */
export async function pickTasks(
  context: Connected,
  argument: unknown,
  selection: unknown,
  choice: Choice,
): Promise<readonly Task[]> {
  const ids = selectedIds(argument, selection);
  if (ids.length > 1) {
    const tasks = await Promise.all(ids.map(async (id) => context.store.get(id) ?? showTask(context, id)));
    const fitting = tasks.filter(choice.fits);
    if (fitting.length === 0) void vscode.window.showInformationMessage(choice.none);
    return fitting;
  }
  const meant = await meantTask(context, argument, choice);
  if (meant !== undefined) return [meant];
  const items = await itemsOf(context, choice);
  if (items === undefined) return [];
  const selected = new Set(selectedIds(undefined, context.tasksTree.view.selection));
  const picked = items.map((item) => ({ ...item, picked: selected.has(item.task.id) }));
  const { title } = choice;
  const chosen = await vscode.window.showQuickPick(picked, { title, matchOnDescription: true, canPickMany: true });
  return (chosen ?? []).map(({ task }) => task);
}

async function meantTask(context: Connected, argument: unknown, choice: Choice): Promise<Task | undefined> {
  const named = taskIdOf(argument);
  if (named !== undefined) return showTask(context, named);
  const inFront = context.reviews.activeTaskId();
  if (inFront === undefined) return undefined;
  // Who looks at a proposal and wants to cancel something means another task.
  const task = await showTask(context, inFront);
  return choice.fits(task) ? task : undefined;
}

async function showTask({ client, store }: Connected, taskId: string): Promise<Task> {
  const { task } = await client.request('task/show', { taskId });
  store.put(task);
  return task;
}

interface TaskItem extends vscode.QuickPickItem {
  readonly task: Task;
}

/** What there is to choose from; undefined, when the person was told that there is nothing. */
async function itemsOf({ store }: Connected, { fits, none }: Choice): Promise<TaskItem[] | undefined> {
  await store.load(null);
  const fitting = store.tasks.filter(fits);
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  return fitting.map((task) => {
    const { label, description } = taskLook(task, clock);
    return { label, description, task };
  });
}
