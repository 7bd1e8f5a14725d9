import { OspainError } from '../protocol/index.ts';
import { span } from './text.ts';

/** Moments as people write and read them: in local time. */

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-24 02:00`. */
export function localTime(at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2026-11-24 02:00, in 3 h`, or `…, 5 min ago`. */
export const moment = (at: number, now: number): string =>
  `${localTime(at)}, ${at > now ? `in ${span(at - now)}` : `${span(now - at)} ago`}`;

/** A time of day is the next one of it; a date may say its offset. Answers Unix milliseconds. */
export function parseMoment(text: string, now: number): number {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hour !== undefined && Number(hour) < 24 && Number(minute) < 60) {
    const next = new Date(now);
    next.setHours(Number(hour), Number(minute), 0, 0);
    if (next.getTime() <= now) next.setDate(next.getDate() + 1);
    return next.getTime();
  }
  const isDate = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$/.test(text);
  const at = isDate ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new OspainError('invalid_params', `${JSON.stringify(text.slice(0, 64))} is not a time.`, {
    hint: 'Write 02:00, "2027-01-31 02:00", or 2027-01-31T02:00+01:00.',
  });
}
