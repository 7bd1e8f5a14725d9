import type { Client } from '../../protocol/client.ts';
import type { Task } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { problemOf } from '../problem.ts';
import { type Choice, pickTasks } from './pickTask.ts';

export type TaskChange = (client: Client, taskId: string) => Promise<{ task: Task }>;

/**
 * Changes the tasks that are meant, in turn; one that cannot be changed does not keep the others from it. Resolves with
 * what became of them: one task, or several.
 */
export async function changeTasks(
  context: Connected,
  args: readonly unknown[],
  choice: Choice,
  change: TaskChange,
): Promise<Task | readonly Task[] | undefined> {
  const tasks = await pickTasks(context, args[0], args[1], choice);
  const changed: Task[] = [];
  const failures: unknown[] = [];
  for (const { id } of tasks) {
    try {
      const { task } = await change(context.client, id);
      context.store.put(task);
      changed.push(task);
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  if (failures.length > 0) throw tasks.length === 1 ? failures[0] : together(failures, tasks.length);
  return changed.length > 1 ? changed : changed[0];
}

/** Several failures as one, told by the first. */
function together(failures: readonly unknown[], total: number): Error {
  const { code, message, hint } = problemOf(failures[0]);
  return Object.assign(new Error(t('{0} of {1} tasks were not changed. {2}', failures.length, total, message)), {
    code,
    hint,
  });
}
