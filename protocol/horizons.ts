import { z } from 'zod';
import { Day } from './days.ts';
import { Horizon, Item } from './items.ts';
import { AutoAccept, TaskKind } from './tasks.ts';

const minutes = z.number().int();

/** One week of work; times are in minutes. */
const Week = z.object({
  /** Its Monday. */
  week: Day,
  capacity: minutes,
  /** Estimates of what is open and falls into it. */
  planned: minutes,
  /** How many open items fall into it, and how many of them nobody has estimated. */
  items: z.number().int(),
  unestimated: z.number().int(),
  /** Estimates of what was done in it. */
  done: minutes,
});
export type Week = z.infer<typeof Week>;

/** One day of a burn-up chart. Totals are those at its end. */
const ProgressDay = z.object({
  day: Day,
  /** What was planned, done or not: items, and minutes of those that are estimated. */
  planned: z.number().int(),
  plannedMinutes: minutes,
  done: z.number().int(),
  doneMinutes: minutes,
  /** What was done on this day; below zero when more was taken back. */
  finished: z.number().int(),
  finishedMinutes: minutes,
});
export type ProgressDay = z.infer<typeof ProgressDay>;

/** Why an item is not for tonight. `busy`: a task of it is at work, waits for a person or for its schedule. */
const LeftOut = z.enum(['person', 'blocked', 'unestimated', 'tooLong', 'busy']);
export type LeftOut = z.infer<typeof LeftOut>;

const Tonight = z.object({
  /** In the order of horizons and places. */
  items: z.array(Item),
  /** The sum of their estimates. */
  minutes,
  leftOut: z.record(LeftOut, z.number().int()),
});

const tonight = { minutes: z.number().int().min(1).max(10_080), horizons: z.array(Horizon).default(['now', 'next']) };

export const horizonMethods = {
  /**
   * Planned minutes against capacity, a week each. An item with start and due date is spread over the days between; else it
   * falls on the one date that it has. What is overdue, or has no date and is for `now`, falls on `today`. `someday` does not count.
   */
  'horizon/capacity': {
    params: z.object({ today: Day.optional(), weeks: z.number().int().min(1).max(104).default(13) }),
    result: z.object({
      /** Of a week that has no capacity of its own. */
      capacity: minutes,
      weeks: z.array(Week),
      /** What is `next` or `later` and has no date. */
      undated: z.object({ items: z.number().int(), planned: minutes }),
    }),
  },
  /** Of every week, or of the one that begins on this Monday; null is as if nobody had said anything. */
  'horizon/setCapacity': {
    params: z.object({ week: Day.optional(), minutes: z.number().int().min(0).max(10_080).nullable() }),
    result: z.object({}),
  },
  /** Which items fit into so many minutes, need nobody and wait for nothing: each that still fits, from the top. */
  'horizon/tonight': { params: z.object(tonight), result: Tonight },
  /**
   * Makes a schedule for each of these items that submits a task when the machine is idle. One that is not for tonight any
   * more, as `horizon/tonight` says, is refused with `wrong_state`, and none is made then.
   */
  'horizon/fill': {
    params: z.object({
      itemIds: z.array(z.string().min(1).max(64)).min(1).max(100),
      /** Not before this time; Unix milliseconds. */
      at: z.number().int().min(0).optional(),
      kind: TaskKind.default('agent'),
      model: z.string().min(1).max(128).default('default'),
      autoAccept: AutoAccept.default('none'),
    }),
    result: z.object({ items: z.array(Item) }),
  },
  /** Burn-up and throughput, from what was recorded at the time. */
  'horizon/progress': {
    params: z.object({ from: Day, to: Day }),
    result: z.object({ days: z.array(ProgressDay) }),
  },
  /** All items as text: Markdown, or iCalendar with an all-day event for each open item that has a date. */
  'horizon/export': {
    params: z.object({ format: z.enum(['markdown', 'icalendar']) }),
    result: z.object({ text: z.string(), fileName: z.string(), mediaType: z.string() }),
  },
} as const;

export const horizonNotifications = {
  /** Server to every client, when the capacity of weeks was changed. */
  'horizon/didSetCapacity': z.object({}),
} as const;
