import { Cron } from 'croner';
import { OspainError, type When } from '../../protocol/index.ts';

/** The due times of a schedule, as Unix milliseconds. They depend on nothing but the schedule: all servers agree. */
export interface Occurrences {
  /** The first due time later than this moment; null when there is none. */
  after(at: number): number | null;
  /** The oldest of the `count` newest due times up to and including this moment; null when there is none. */
  newest(count: number, upTo: number): number | null;
}

/** A `when` whose time zone is said, which is what is kept. */
export type FixedWhen = { at: number } | { cron: string; timeZone: string };

/** Beyond the year 9999 no calendar can show it. */
const LAST = Date.UTC(9999, 11, 31);

/**
 * Cron expressions have five fields; a minute is the shortest step. Days of month and of week that are both given are
 * alternatives. At a change of the clocks the rules are croner's, which are those of Vixie cron: with one value each for
 * minute and hour, a time that does not exist comes at the end of the gap, and a time that exists twice comes once, the
 * first time; with a list, a range, a step or `*`, what does not exist is left out and what exists twice comes twice.
 */
export function occurrencesOf(when: FixedWhen): Occurrences {
  if ('at' in when) {
    const { at } = when;
    return { after: (time) => (at > time ? at : null), newest: (_count, upTo) => (at <= upTo ? at : null) };
  }
  const cron = new Cron(when.cron, { timezone: when.timeZone, mode: '5-part' });
  return {
    after: (time) => cron.nextRun(new Date(time))?.getTime() ?? null,
    // croner leaves the moment itself out.
    newest: (count, upTo) =>
      cron
        .previousRuns(count, new Date(upTo + 1))
        .at(-1)
        ?.getTime() ?? null,
  };
}

/**
 * Says the time zone where none is given, and refuses with `invalid_params` and the reason what no calendar has: a bad
 * expression or zone, and one that is never due after `now`.
 */
export function fixWhen(when: When, now: number, localZone: string): FixedWhen {
  const fixed = 'at' in when ? when : { cron: when.cron.trim(), timeZone: when.timeZone ?? localZone };
  if ('cron' in fixed) {
    assertZone(fixed.timeZone);
    assertCron(fixed.cron);
  }
  if ('at' in fixed && fixed.at > LAST) throw refused('The time is too far away.');
  if (occurrencesOf(fixed).after(now) === null)
    throw refused('at' in fixed ? 'The time has passed already.' : 'The cron expression is never due.');
  return fixed;
}

function assertZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw refused(`There is no time zone ${JSON.stringify(timeZone)}.`, 'Name one as in Europe/Berlin or UTC.', cause);
  }
}

function assertCron(cron: string): void {
  const hint = 'Five fields: minute, hour, day of month, month, day of week; as in "0 2 * * MON-FRI", or @daily.';
  // croner would put the time of day in its place, and each server another.
  if (cron.includes('?')) throw refused('The cron expression is wrong: ? is not supported.', hint);
  try {
    const parsed = new Cron(cron, { mode: '5-part' });
    if (parsed.getPattern() !== undefined) return;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^CronPattern: /, '') : String(cause);
    throw refused(`The cron expression is wrong: ${reason}`, hint, cause);
  }
  // It takes a date for an expression as well.
  throw refused('The cron expression is wrong: it is a date.', hint);
}

const refused = (message: string, hint?: string, cause?: unknown): OspainError =>
  new OspainError('invalid_params', message, { hint, cause });
