const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** "3 min ago", "in 2 days", in the words of the language; less than a minute is "now". Both times are Unix milliseconds. */
export function relativeTime(at: number, now: number, locale: string): string {
  const seconds = (at - now) / 1000;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', Number.POSITIVE_INFINITY];
  return formatsOf(locale).relative.format(Math.trunc(seconds / size), unit);
}

/** The whole date and time, as the language writes it. */
export const wholeTime = (at: number, locale: string): string => formatsOf(locale).whole.format(at);

interface Formats {
  readonly locale: string;
  readonly relative: Intl.RelativeTimeFormat;
  readonly whole: Intl.DateTimeFormat;
}

/** Making these takes longer than all else that a row of a list needs. */
let last: Formats | undefined;

function formatsOf(locale: string): Formats {
  if (last?.locale !== locale)
    last = {
      locale,
      relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }),
      whole: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
    };
  return last;
}
