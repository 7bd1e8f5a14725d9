import { formatTime } from '../../protocol/quantities.ts';

const today = (at: number, now: number): boolean => new Date(at).toDateString() === new Date(now).toDateString();

/** Time of day in the person's own form, with the date when it was another day. */
export function clock(at: number): string {
  return today(at, Date.now()) ? formatTime(at, { timeStyle: 'medium' }) : formatTime(at);
}
