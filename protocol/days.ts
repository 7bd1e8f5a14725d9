import { z } from 'zod';

/**
 * Civil days, `YYYY-MM-DD`: what stands on a calendar, with no clock and no time zone. All arithmetic is on their numbers,
 * which are days since 1970-01-01 in the proleptic Gregorian calendar, so neither a change of the clocks nor a journey moves one.
 */
export const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'A day is written YYYY-MM-DD.')
  .refine((text: string): boolean => dayText(dayNumber(text)) === text, 'There is no such day.');
export type Day = string;

const DAY_MS = 86_400_000;

/** Days since 1970-01-01. */
export function dayNumber(day: Day): number {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  // `Date.UTC` takes years below 100 for those of the 20th century.
  return new Date(0).setUTCFullYear(year, month - 1, date) / DAY_MS;
}

/** The day with this number; years are those of four digits. */
export function dayText(number: number): Day {
  const date = new Date(number * DAY_MS);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

export const addDays = (day: Day, days: number): Day => dayText(dayNumber(day) + days);

/** How many days later `to` is. */
export const daysBetween = (from: Day, to: Day): number => dayNumber(to) - dayNumber(from);

/** The Monday of its week, as weeks are counted in ISO 8601. */
export function weekOf(day: Day): Day {
  const number = dayNumber(day);
  // 1970-01-01 was a Thursday.
  return dayText(number - ((((number + 3) % 7) + 7) % 7));
}

/** The day that a clock in this time zone shows at a moment, in Unix milliseconds; without a zone that of the machine. */
export function dayAt(moment: number, timeZone?: string): Day {
  const options = { calendar: 'iso8601', numberingSystem: 'latn', timeZone } as const;
  const parts = new Intl.DateTimeFormat('en', { ...options, year: 'numeric', month: '2-digit', day: '2-digit' });
  const of = Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${(of['year'] ?? '').padStart(4, '0')}-${of['month']}-${of['day']}`;
}
