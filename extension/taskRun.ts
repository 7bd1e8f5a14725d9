import { randomUUID } from 'node:crypto';
import { isEnded } from '../protocol/taskList.ts';
import type { Task } from '../protocol/tasks.ts';
import type { Connection } from './connection.ts';

interface TaskRun {
  /** Asks for the task under this id; what it throws ends the run. */
  submit(id: string): Promise<Task>;
  /** Told of the task as it is, whenever that changes. */
  onChange?(task: Task): void;
}

/**
 * Submits a task and resolves when it has ended. It listens before it asks, so that no word is missed, and asks again when a
 * server was started anew: the task goes on in it.
 */
export async function runTask(connection: Connection, { submit, onChange = () => {} }: TaskRun): Promise<Task> {
  const id = randomUUID();
  const { promise, resolve, reject } = Promise.withResolvers<Task>();
  const look = (task: Task) => {
    onChange(task);
    if (isEnded(task)) resolve(task);
  };
  const show = async () => look((await (await connection.connect()).request('task/show', { taskId: id })).task);
  const listening = [
    connection.on('task/didChange', ({ task }) => {
      if (task.id === id) look(task);
    }),
    connection.onDidChangeState(({ name }) => {
      if (name === 'running') show().catch(reject);
    }),
  ];
  try {
    look(await submit(id));
    return await promise;
  } finally {
    for (const { dispose } of listening) dispose();
  }
}
