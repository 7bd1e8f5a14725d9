import { randomUUID } from 'node:crypto';
import { type Day, dayAt, type Item, type ItemHistory, methods, type Params } from '../../../protocol/index.ts';
import { type Capacity, createCapacity } from '../../../server/horizon/capacity.ts';
import { createItems, type Items } from '../../../server/horizon/items.ts';
import { createItemTasks, type ItemTasks } from '../../../server/horizon/itemTasks.ts';
import { createProgress, type Progress } from '../../../server/horizon/progress.ts';
import { createTonight, type Tonight } from '../../../server/horizon/tonight.ts';
import { createSchedules, type Schedules } from '../../../server/schedules/schedules.ts';
import type { Db } from '../../../server/storage/database.ts';
import { createQueue, type Queue } from '../../../server/tasks/queue.ts';
import { openQueue } from '../tasks/queueFixture.ts';

/** What one server of a workspace has to plan with. */
export interface Plan {
  queue: Queue;
  items: Items;
  itemTasks: ItemTasks;
  schedules: Schedules;
  capacity: Capacity;
  tonight: Tonight;
  progress: Progress;
  /** What clients were told, in order: changed items, the ids of removed ones, and histories. */
  told: Array<Item | string | ItemHistory>;
  add(title: string, params?: Omit<Params<'item/add'>, 'title'>): Item;
  change(itemId: string, params: Omit<Params<'item/change'>, 'itemId'>): Item;
  move(itemId: string, params: Omit<Params<'item/move'>, 'itemId'>): Item;
  list(params?: Params<'item/list'>): Item[];
  undo(change?: number): Item | null;
  redo(change?: number): Item | null;
}

interface PlanOptions {
  db: Db;
  now: () => number;
  /** The day where the server runs. */
  today?: () => Day;
  /** That of the same connection, where somebody else works with it. */
  queue?: Queue;
}

export function createPlan({ db, now, today = () => dayAt(now(), 'UTC'), ...rest }: PlanOptions): Plan {
  const queue = rest.queue ?? createQueue({ db, now, onChange: () => {} });
  const told: Plan['told'] = [];
  const items = createItems({
    ...{ db, queue, now, today },
    onChange: (item) => told.push(item),
    onRemove: (itemId) => told.push(itemId),
    onHistory: (history) => told.push(history),
  });
  const schedules = createSchedules({ db, queue, now, onChange: () => {}, onRemove: () => {}, localZone: 'UTC' });
  const itemTasks = createItemTasks({ db, queue, items, schedules, now });
  queue.listen(itemTasks.changed);
  queue.onOthersCommit(items.poll);
  const { params: add } = methods['item/add'];
  return {
    ...{ queue, items, itemTasks, schedules, told },
    capacity: createCapacity({ db, queue, rows: items.rows, today }),
    tonight: createTonight({ open: () => items.all().filter(({ doneAt }) => doneAt === null), get: items.get }),
    progress: createProgress({ db }),
    add: (title, params = {}) => items.add(add.parse({ id: randomUUID(), title, ...params })).item,
    change: (itemId, params) => items.change(methods['item/change'].params.parse({ itemId, ...params })).item,
    move: (itemId, params) => items.move({ itemId, ...params }).item,
    list: (params = {}) => items.list(methods['item/list'].params.parse({ limit: 1000, ...params })).items,
    undo: (change) => items.undo({ change }).item,
    redo: (change) => items.redo({ change }).item,
  };
}

export const titles = (items: readonly Item[]): string => items.map(({ title }) => title).join(' ');

/** A Wednesday. */
export const TODAY = '2026-11-25';

/** A plan on a database of its own, and the day where its server runs. */
export async function openClockedPlan(): Promise<Plan & Disposable & { clock: { day: Day } }> {
  const fixture = await openQueue();
  const clock = { day: TODAY };
  const plan = createPlan({ db: fixture.db, now: () => fixture.clock.now, today: () => clock.day });
  return { ...plan, clock, [Symbol.dispose]: () => fixture[Symbol.dispose]() };
}
