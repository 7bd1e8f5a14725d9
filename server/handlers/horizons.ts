import type { Notification } from '../../protocol/index.ts';
import type { Handlers } from '../dispatch.ts';
import type { Capacity } from '../horizon/capacity.ts';
import { toCalendar, toMarkdown } from '../horizon/exports.ts';
import type { Items } from '../horizon/items.ts';
import type { ItemTasks } from '../horizon/itemTasks.ts';
import type { Progress } from '../horizon/progress.ts';
import type { Tonight } from '../horizon/tonight.ts';
import type { Timekeeper } from '../schedules/timekeeper.ts';

type HorizonMethod = Extract<keyof Handlers, `horizon/${string}`>;

interface HorizonDeps {
  items: Items;
  itemTasks: ItemTasks;
  capacity: Capacity;
  tonight: Tonight;
  progress: Progress;
  timekeeper: Pick<Timekeeper, 'wake'>;
  notify(notification: Notification): void;
}

export function createHorizonHandlers(deps: HorizonDeps): Pick<Handlers, HorizonMethod> {
  const { items, itemTasks, capacity, tonight, progress, timekeeper, notify } = deps;
  return {
    'horizon/capacity': (params) => capacity.show(params),
    'horizon/setCapacity': (params) => {
      capacity.set(params);
      notify({ method: 'horizon/didSetCapacity', params: {} });
      return {};
    },
    'horizon/tonight': (params) => tonight.show(params),
    'horizon/fill': ({ itemIds, ...params }) => {
      const chosen = tonight.ready(itemIds);
      itemTasks.schedule(chosen, params);
      timekeeper.wake();
      return { items: chosen.map(({ id }) => items.get(id)) };
    },
    'horizon/progress': ({ from, to }) => ({ days: progress(from, to) }),
    'horizon/export': ({ format }) =>
      format === 'markdown'
        ? { text: toMarkdown(items.all()), fileName: 'plan.md', mediaType: 'text/markdown' }
        : { text: toCalendar(items.all()), fileName: 'plan.ics', mediaType: 'text/calendar' },
  };
}
