/** Minutes of work, as people write and read them: `1 h 30 min`, `90`, `1.5h`, `2:15`. */

/** In hours and minutes; the hours of a day do not matter, since nobody works all of them. */
export function minutesText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 || hours === 0 ? [`${rest} min`] : [])].join(' ');
}

/** Undefined for what says no time, none at all, or more than a number of minutes may be. A bare number is minutes. */
export function readMinutes(text: string): number | undefined {
  const match = /^(?:(\d+)|(\d+):([0-5]\d)|(\d+(?:[.,]\d+)?)\s*h(?:\s*(\d+)\s*(?:m|min)?)?|(\d+)\s*(?:m|min))$/i.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, bare, clockHours, clockMinutes, hours, rest, only] = match;
  const value = (digits: string | undefined) => Number(digits?.replace(',', '.') ?? 0);
  const sum =
    value(bare) + value(only) + 60 * value(clockHours) + value(clockMinutes) + 60 * value(hours) + value(rest);
  const minutes = Math.round(sum);
  return minutes >= 1 && minutes <= 1_000_000 ? minutes : undefined;
}
