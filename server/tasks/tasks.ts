import { OspainError, type Task } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { SELECT_TASK, type TaskRow, toTask } from './taskRow.ts';

/** Tasks as they are now. `ref` is a task's id, or its number in decimal; an unknown one throws `not_found`. */
export interface Tasks {
  row(ref: string): TaskRow;
  /** Undefined when no task has this id. */
  find(id: string): TaskRow | undefined;
  get(ref: string): Task;
  /** By a row that is there. */
  read(number: number): Task;
  toTask(row: TaskRow): Task;
}

export function createTasks({ db, now }: { db: Db; now: () => number }): Tasks {
  const byId = db.prepare<[string], TaskRow>(`${SELECT_TASK} WHERE t.uid = ?`);
  const byNumber = db.prepare<[number], TaskRow>(`${SELECT_TASK} WHERE t.id = ?`);
  const task = (row: TaskRow) => toTask(row, now());
  const there = (row: TaskRow | undefined, ref: string): TaskRow => {
    if (row) return row;
    throw new OspainError('not_found', `There is no task ${JSON.stringify(ref.slice(0, 64))}.`);
  };
  const row = (ref: string) => there(/^\d{1,15}$/.test(ref) ? byNumber.get(Number(ref)) : byId.get(ref), ref);
  return {
    row,
    find: (id) => byId.get(id),
    get: (ref) => task(row(ref)),
    read: (number) => task(there(byNumber.get(number), String(number))),
    toTask: task,
  };
}
