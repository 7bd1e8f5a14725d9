import { spokenLocale } from '../../protocol/words.ts';

const today = (at: number, now: number): boolean => new Date(at).toDateString() === new Date(now).toDateString();

/** Time of day in the person's own form, with the date when it was another day. */
export function clock(at: number): string {
  const time = new Date(at);
  return today(at, Date.now()) ? time.toLocaleTimeString(spokenLocale()) : time.toLocaleString(spokenLocale());
}
