import { addDays, type Day, daysBetween, weekOf } from '../../../protocol/days.ts';
import type { Item } from '../../../protocol/items.ts';

/** A span of days along which items are drawn, whole weeks of it. */
export interface TimeScale {
  readonly from: Day;
  readonly days: number;
}

export const spans = { week: 7, month: 35, quarter: 91 } as const;
export type Span = keyof typeof spans;

/** The span that has this day in its first week. */
export const scaleAt = (span: Span, day: Day): TimeScale => ({ from: weekOf(day), days: spans[span] });

/** The same length, one week further for a week, four for a month, thirteen for a quarter. */
export const shifted = ({ from, days }: TimeScale, by: 1 | -1): TimeScale => ({
  from: addDays(from, by * (days === spans.month ? 28 : days)),
  days,
});

export const dayAtPart = ({ from, days }: TimeScale, part: number): Day =>
  addDays(from, Math.max(0, Math.min(days - 1, Math.floor(part * days))));

/** From where to where a bar goes, in parts of the span; undefined when nothing of it is in there. */
export interface Bar {
  readonly left: number;
  readonly right: number;
  /** Whether it goes on beyond the span. */
  readonly cutLeft: boolean;
  readonly cutRight: boolean;
}

export function barOf({ start, due }: Pick<Item, 'start' | 'due'>, { from, days }: TimeScale): Bar | undefined {
  const first = start ?? due;
  const last = due ?? start;
  if (first === null || last === null) return undefined;
  const [begin, end] = [daysBetween(from, first), daysBetween(from, last) + 1];
  if (end <= 0 || begin >= days) return undefined;
  return {
    left: Math.max(0, begin) / days,
    right: Math.min(days, end) / days,
    cutLeft: begin < 0,
    cutRight: end > days,
  };
}

/** Dates after a move by days: of the whole item, or of its end alone, which never comes before its beginning. */
export function movedDates(
  { start, due }: Pick<Item, 'start' | 'due'>,
  days: number,
  part: 'all' | 'end' | 'start' = 'all',
): { start?: Day; due?: Day } {
  const shift = (day: Day | null) => (day === null ? null : addDays(day, days));
  if (part === 'end') {
    const end = shift(due ?? start) ?? '';
    return start !== null && end < start ? { due: start } : { due: end };
  }
  if (part === 'start') {
    const begin = shift(start ?? due) ?? '';
    return due !== null && begin > due ? { start: due } : { start: begin };
  }
  return {
    ...(start === null ? {} : { start: addDays(start, days) }),
    ...(due === null ? {} : { due: addDays(due, days) }),
  };
}

/** Dated items by their first day, then what has none in the order of horizons; what is out of the span is left out. */
export function timelineRows(items: readonly Item[], scale: TimeScale, today: Day): { dated: Item[]; undated: Item[] } {
  const key = ({ start, due }: Item) => start ?? due ?? '';
  const isShown = (item: Item) => barOf(item, scale) !== undefined || isOverdue(item, today, scale);
  const dated = items.filter((item) => key(item) !== '' && isShown(item));
  dated.sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : one.number - other.number));
  return {
    dated,
    undated: items.filter((item) => key(item) === '' && item.doneAt === null && item.horizon !== 'someday'),
  };
}

/** What should have been done before the span: it is shown where today is, so that nobody loses it. */
const isOverdue = ({ due, doneAt }: Item, today: Day, { from, days }: TimeScale): boolean =>
  doneAt === null && due !== null && due < today && daysBetween(from, today) >= 0 && daysBetween(from, today) < days;
