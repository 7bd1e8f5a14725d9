import { addDays, Day, OspainError } from '../protocol/index.ts';

/** A day as people write it: `2027-01-31`, `today`, `tomorrow`, or `+3` for in three days. */
export function parseDay(text: string, today: Day): Day {
  const [, later] = /^\+(\d{1,4})$/.exec(text) ?? [];
  const days = text === 'today' ? 0 : text === 'tomorrow' ? 1 : later === undefined ? undefined : Number(later);
  if (days !== undefined) return addDays(today, days);
  if (Day.safeParse(text).success) return text;
  throw new OspainError('invalid_params', `${JSON.stringify(text.slice(0, 64))} is not a day.`, {
    hint: 'Write 2027-01-31, today, tomorrow, or +3.',
  });
}
