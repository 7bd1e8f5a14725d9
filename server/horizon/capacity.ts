import {
  addDays,
  type Day,
  dayNumber,
  daysBetween,
  OspainError,
  type ParsedParams,
  type Result,
  type Week,
  weekOf,
} from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Queue } from '../tasks/queue.ts';
import type { ItemRow } from './itemRow.ts';

/** Planned minutes against those that there are, by weeks. */
export interface Capacity {
  show(params: ParsedParams<'horizon/capacity'>): Result<'horizon/capacity'>;
  set(params: ParsedParams<'horizon/setCapacity'>): void;
}

interface CapacityDeps {
  db: Db;
  queue: Pick<Queue, 'transact'>;
  /** In the order of horizons and places. */
  rows: () => ItemRow[];
  today: () => Day;
}

/** Five days of six hours, for who has said nothing. */
const USUAL = 30 * 60;
const EVERY_WEEK = '';

export function createCapacity({ db, queue, rows, today }: CapacityDeps): Capacity {
  const kept = db.prepare<[], { week: string; minutes: number }>('SELECT week, minutes FROM week_capacity');
  const put = db.prepare<[string, number]>(
    'INSERT INTO week_capacity (week, minutes) VALUES (?, ?) ON CONFLICT (week) DO UPDATE SET minutes = excluded.minutes',
  );
  const remove = db.prepare<[string]>('DELETE FROM week_capacity WHERE week = ?');

  return {
    show({ today: day = today(), weeks: count }) {
      const all = guarded(() => rows());
      const own = new Map(guarded(() => kept.all()).map(({ week, minutes }) => [week, minutes]));
      const capacity = own.get(EVERY_WEEK) ?? USUAL;
      const first = weekOf(day);
      const weeks = Array.from({ length: count }, (_, index): Week => {
        const week = addDays(first, index * 7);
        return { week, capacity: own.get(week) ?? capacity, planned: 0, items: 0, unestimated: 0, done: 0 };
      });
      const weekAt = (one: Day) => weeks[Math.floor(daysBetween(first, one) / 7)];
      const undated = { items: 0, planned: 0 };
      for (const row of all) {
        const minutes = row.estimate ?? 0;
        if (row.done_on !== null) {
          const week = weekAt(row.done_on);
          if (week) week.done += minutes;
          continue;
        }
        if (row.horizon === 'someday') continue;
        const span = spanOf(row, day);
        if (span === undefined) {
          undated.items += 1;
          undated.planned += minutes;
          continue;
        }
        for (const [week, share] of shares(minutes, span)) {
          const found = weekAt(week);
          if (found === undefined) continue;
          found.planned += share;
          found.items += 1;
          if (row.estimate === null) found.unestimated += 1;
        }
      }
      return { capacity, weeks, undated };
    },
    set({ week = EVERY_WEEK, minutes }) {
      if (week !== EVERY_WEEK && weekOf(week) !== week)
        throw new OspainError('invalid_params', `${week} is no Monday.`, {
          hint: `Its week begins on ${weekOf(week)}.`,
        });
      queue.transact(() => (minutes === null ? remove.run(week) : put.run(week, minutes)));
    },
  };
}

/** The days that an open item falls on; none of them has passed, since its work is still to be done. */
function spanOf({ start_on, due_on, horizon }: ItemRow, today: Day): { from: Day; to: Day } | undefined {
  const from = start_on ?? due_on ?? (horizon === 'now' ? today : undefined);
  if (from === undefined) return undefined;
  const notPast = (day: Day) => (day < today ? today : day);
  return { from: notPast(from), to: notPast(due_on ?? from) };
}

/** Minutes by weeks, in proportion to the days; their sum is exact. */
function* shares(minutes: number, { from, to }: { from: Day; to: Day }): Generator<[week: Day, minutes: number]> {
  const days = daysBetween(from, to) + 1;
  let given = 0;
  for (let week = weekOf(from); week <= to; week = addDays(week, 7)) {
    const through = Math.min(dayNumber(week) + 6, dayNumber(to)) - dayNumber(from) + 1;
    const share = Math.round((minutes * through) / days) - given;
    given += share;
    yield [week, share];
  }
}
