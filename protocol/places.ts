/**
 * The places of items in their horizon: they order them as text, by character codes: between any two there is room for another, so that a move changes one item
 * alone. A place is eight digits, which grow by one for each item at an end, and digits behind them where somebody moved
 * one in between. It never ends with a `0`: below such a place there would be no room.
 */

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const BASE = DIGITS.length;
const WIDTH = 8;
const MIDDLE = BASE ** WIDTH / 2;

const whole = (place: string): number => Number.parseInt(place.slice(0, WIDTH), BASE);
const rest = (place: string): string => place.slice(WIDTH);
const digit = (text: string, at: number): number => Math.max(0, DIGITS.indexOf(text.charAt(at) || '0'));

const place = (number: number, behind: string): string => number.toString(BASE).padStart(WIDTH, '0') + behind;

/** A place between two others; null is the end on that side. `low` must be before `high`. */
export function placeBetween(low: string | null, high: string | null): string {
  if (low === null && high === null) return place(MIDDLE, 'i');
  if (low === null) return place(whole(high ?? '') - 1, 'i');
  if (high === null) return place(whole(low) + 1, 'i');
  const [from, to] = [whole(low), whole(high)];
  if (to - from > 1) return place(Math.floor((from + to) / 2), 'i');
  return place(from, between(rest(low), from === to ? rest(high) : null));
}

/** The shortest digits between two; null is what all are before. */
function between(low: string, high: string | null): string {
  for (let at = 0, made = ''; ; at++) {
    const from = digit(low, at);
    const to = high === null ? BASE : digit(high, at);
    if (to - from > 1) return made + DIGITS.charAt(Math.floor((from + to) / 2));
    made += DIGITS.charAt(from);
    // Behind a smaller digit everything is before `high`.
    if (to > from) return made + between(low.slice(at + 1), null);
  }
}
