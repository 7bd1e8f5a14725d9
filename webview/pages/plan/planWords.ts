import { type Day, dayNumber, daysBetween } from '../../../protocol/days.ts';
import type { Horizon, ItemDeed } from '../../../protocol/items.ts';
import { plural, spokenLocale, t } from '../../words.ts';

/** A horizon as a heading. */
export const horizonTitle: Readonly<Record<Horizon, () => string>> = {
  now: () => t('Now'),
  next: () => t('Next'),
  later: () => t('Later'),
  someday: () => t('Someday'),
};

/** What each is for, in the place of its items while it has none. */
export const horizonHelp: Readonly<Record<Horizon, () => string>> = {
  now: () => t('What you are at. Few things: they count into this week.'),
  next: () => t('What comes after it. With a due date it counts into that week.'),
  later: () => t('What you will do, but not soon.'),
  someday: () => t('Ideas. They are kept, and count nowhere.'),
};

const UTC = { timeZone: 'UTC' } as const;
const format = (day: Day, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(spokenLocale(), { ...options, ...UTC }).format(dayNumber(day) * 86_400_000);

/** `Nov 23`, with the year when it is another one. */
export const shortDay = (day: Day, today: Day): string =>
  format(day, {
    month: 'short',
    day: 'numeric',
    ...(day.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' }),
  });

export const longDay = (day: Day): string =>
  format(day, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
export const weekdayAndDate = (day: Day): string => format(day, { weekday: 'short', day: 'numeric' });
export const dateOnly = (day: Day): string => format(day, { day: 'numeric' });

/** How far away a due date is, in few words. */
export function dueWord(due: Day, today: Day): string {
  const days = daysBetween(today, due);
  if (days === 0) return t('due today');
  if (days === 1) return t('due tomorrow');
  if (days < 0) return t('overdue {0}', shortDay(due, today));
  return t('due {0}', days < 7 ? format(due, { weekday: 'short' }) : shortDay(due, today));
}

const deeds: Readonly<Record<ItemDeed, (title: string) => string>> = {
  add: (title) => t('adding “{0}”', title),
  change: (title) => t('the change of “{0}”', title),
  move: (title) => t('moving “{0}”', title),
  remove: (title) => t('removing “{0}”', title),
  done: (title) => t('“{0}” is done', title),
  reopen: (title) => t('opening “{0}” again', title),
};

export const deedWord = ({ deed, title }: { readonly deed: ItemDeed; readonly title: string }): string =>
  deeds[deed](title.length > 60 ? `${title.slice(0, 59)}…` : title);

export const itemCount = (count: number): string => plural('{0} item|{0} items', count);
