import * as vscode from 'vscode';
import type { Task } from '../../protocol/tasks.ts';
import type { Connected } from '../context.ts';
import { clock } from '../views/clock.ts';
import { taskLook } from '../views/taskItem.ts';
import { taskIdOf } from './taskArgument.ts';

export interface Choice {
  /** What the list of choices says, such as `Cancel which task?`. */
  readonly title: string;
  /** What is said when there is nothing to choose from. */
  readonly none: string;
  fits(task: Task): boolean;
}

/** The task that is meant: by the argument, by the editor in front, or by the person's choice. Undefined: none. */
export async function pickTask(context: Connected, argument: unknown, choice: Choice): Promise<Task | undefined> {
  const taskId = taskIdOf(argument) ?? context.reviews.activeTaskId();
  if (taskId !== undefined) {
    const { task } = await context.client.request('task/show', { taskId });
    context.store.put(task);
    return task;
  }
  await context.store.load();
  const fitting = context.store.tasks.filter(choice.fits);
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(choice.none);
    return undefined;
  }
  const items = fitting.map((task) => {
    const { label, description } = taskLook(task, clock);
    return { label, description, task };
  });
  const chosen = await vscode.window.showQuickPick(items, { title: choice.title, matchOnDescription: true });
  return chosen?.task;
}
