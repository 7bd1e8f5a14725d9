import { randomUUID } from 'node:crypto';
import {
  type AnyKind,
  type Item,
  OspainError,
  type ParsedParams,
  type Result,
  type Task,
} from '../../protocol/index.ts';
import { taskIdOf } from '../schedules/scheduleRow.ts';
import type { Schedules } from '../schedules/schedules.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Change } from '../tasks/feed.ts';
import type { Queue } from '../tasks/queue.ts';
import type { Items } from './items.ts';

/** The tasks of items: started now, or by a schedule; and what their success says of the item. */
export interface ItemTasks {
  start(params: ParsedParams<'item/start'>): Result<'item/start'>;
  /** Makes a schedule for each item that submits its task once the machine is idle, after `at` in Unix milliseconds. */
  schedule(items: readonly Item[], params: Omit<ParsedParams<'horizon/fill'>, 'itemIds'>): void;
  /** To be told of every change of a task. */
  changed(change: Change): void;
  /** Deals with what happened while nobody was there to be told. */
  catchUp(): void;
}

interface ItemTasksDeps {
  db: Db;
  queue: Pick<Queue, 'submit' | 'get' | 'list'>;
  items: Items;
  schedules: Pick<Schedules, 'create' | 'remove'>;
  now: () => number;
}

interface Link {
  task_id: string;
  item_id: string;
  schedule_id: string | null;
  settled: 0 | 1;
}

/** Kinds that propose no edits: they succeed by being done. */
const answers: ReadonlySet<AnyKind> = new Set(['ask', 'plan', 'tag']);

const succeeded = ({ kind, status, proposal }: Pick<Task, 'kind' | 'status' | 'proposal'>): boolean =>
  proposal === 'accepted' || (answers.has(kind) && status === 'done');

export function createItemTasks({ db, queue, items, schedules, now }: ItemTasksDeps): ItemTasks {
  const insert = db.prepare<[taskId: string, itemId: string, scheduleId: string | null]>(
    'INSERT INTO item_tasks (task_id, item_id, schedule_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const linkOf = db.prepare<[string], Link>('SELECT * FROM item_tasks WHERE task_id = ?');
  const setSettled = db.prepare<[0 | 1, string]>('UPDATE item_tasks SET settled = ? WHERE task_id = ?');
  const ended = db.prepare<[], { task_id: string }>(
    `SELECT l.task_id FROM item_tasks l JOIN tasks t ON t.uid = l.task_id LEFT JOIN proposals p ON p.task_id = t.id
     WHERE l.settled <> (coalesce(p.was, p.status) IS 'accepted' OR (t.status = 'done' AND t.kind IN ('ask', 'plan', 'tag')))`,
  );

  const link = (taskId: string, itemId: string, scheduleId: string | null) => {
    if (insert.run(taskId, itemId, scheduleId).changes === 0) {
      if (linkOf.get(taskId)?.item_id === itemId) return;
      throw new OspainError('conflict', `The task ${taskId} belongs to another item.`);
    }
  };

  /** What the task's state says now, once: a person may think otherwise afterwards. */
  const settle = (taskId: string) => {
    const found = linkOf.get(taskId);
    const success = succeeded(queue.get(taskId));
    if (found === undefined || success === (found.settled === 1)) return;
    setSettled.run(success ? 1 : 0, taskId);
    items.settle(found.item_id, taskId, success);
  };

  const removeSchedule = (scheduleId: string) => {
    try {
      schedules.remove(scheduleId);
    } catch (thrown) {
      // Another server was first, or a person.
      if (OspainError.from(thrown).code !== 'not_found') throw thrown;
    }
  };

  return {
    start: ({ itemId, taskId = randomUUID(), kind, instruction, model, autoAccept }) =>
      items.commit(() => {
        const item = items.get(itemId);
        const before = linkOf.get(taskId);
        if (before === undefined && item.doneAt !== null)
          throw new OspainError('wrong_state', `Item ${item.number} is done.`, { hint: 'Reopen it first.' });
        const asked = { id: taskId, kind, instruction: instruction ?? item.title, model, autoAccept };
        const task = before === undefined ? queue.submit(asked) : queue.get(taskId);
        link(taskId, item.id, null);
        return { item: items.get(item.id), task };
      }),
    schedule(chosen, { at, kind, model, autoAccept }) {
      const made = chosen.map(({ id, title }) => ({ itemId: id, title, scheduleId: randomUUID() }));
      const when = { at: Math.max(at ?? 0, now() + 1000) };
      // Before the schedules, so that no task comes that nobody knows; without its schedule such a line says nothing.
      items.commit(() => {
        for (const { itemId, scheduleId } of made) insert.run(taskIdOf(scheduleId, when.at), itemId, scheduleId);
      });
      for (const { title, scheduleId } of made) {
        const template = { kind, instruction: title, model, autoAccept };
        schedules.create({ id: scheduleId, when, conditions: ['idle'], misfire: 'once', template });
      }
      items.commit(() => {
        for (const { itemId } of made) items.scheduled(itemId);
      });
    },
    changed({ events, task }) {
      // Text comes hundreds of times a second, and says nothing of the item.
      if (events.every(({ type }) => quiet.has(type))) return;
      const found = guarded(() => linkOf.get(task.id));
      if (found === undefined) return;
      if (succeeded(task) !== (found.settled === 1)) items.commit(() => settle(task.id));
      items.tell(found.item_id);
      // It has done what it was made for; its ledger can still be asked for.
      if (found.schedule_id !== null && events.some(({ type }) => type === 'submitted'))
        removeSchedule(found.schedule_id);
    },
    catchUp: () =>
      items.commit(() => {
        for (const { task_id } of ended.all()) settle(task_id);
      }),
  };
}

const quiet: ReadonlySet<string> = new Set([
  'text',
  'output',
  'thinking',
  'turn',
  'call',
  'result',
  'told',
  'model',
  'begun',
]);
