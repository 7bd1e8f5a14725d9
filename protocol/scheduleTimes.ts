import type { When } from './schedules.ts';
import { t } from './words.ts';

/** A time that a schedule may be due, as it is offered; undefined asks for one. */
export interface WhenOffer {
  readonly label: string;
  readonly description: string;
  readonly when: When | 'time' | 'cron';
}

/** `now` is Unix milliseconds. Times are those of this machine's clock. */
export const whenOffers = (now: number): readonly WhenOffer[] => [
  { label: t('Tonight'), description: t('once, at 02:00'), when: { at: nextTime(now, 2, 0) } },
  { label: t('At a time…'), description: t('once, as in 18:30 or 2027-01-31 02:00'), when: 'time' },
  { label: t('Every night'), description: t('at 02:00'), when: { cron: '0 2 * * *' } },
  { label: t('Every weekday'), description: t('Monday to Friday at 09:00'), when: { cron: '0 9 * * MON-FRI' } },
  { label: t('Every week'), description: t('Monday at 09:00'), when: { cron: '0 9 * * MON' } },
  { label: t('Every hour'), description: t('on the hour'), when: { cron: '0 * * * *' } },
  { label: t('Cron expression…'), description: t('minute, hour, day of month, month, day of week'), when: 'cron' },
];

/** The next time that the clock shows this. */
function nextTime(now: number, hour: number, minute: number): number {
  const next = new Date(now);
  next.setHours(hour, minute, 0, 0);
  if (next.getTime() <= now) next.setDate(next.getDate() + 1);
  return next.getTime();
}

/** `18:30` is the next one; a date may say its offset. Undefined for anything else, and for a time that has passed. */
export function readTime(text: string, now: number): number | undefined {
  const [, hour, minute] = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(text) ?? [];
  if (hour !== undefined && Number(hour) < 24 && Number(minute) < 60)
    return nextTime(now, Number(hour), Number(minute));
  const date = /^\s*(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)\s*$/.exec(text);
  const at = date === null ? Number.NaN : Date.parse(`${date[1]}T${date[2]}`);
  return at > now ? at : undefined;
}
