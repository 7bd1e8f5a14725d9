/** Numbers as people read them, in their own form. */
import { spokenLocale, t } from './words.ts';

export const formatCount = (count: number): string => count.toLocaleString(spokenLocale());

/** With exactly so many digits behind the point. */
export const formatDecimal = (value: number, digits: number): string =>
  value.toLocaleString(spokenLocale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** As many digits as matter: three, or all before the point. */
export const formatRough = (value: number): string =>
  value.toLocaleString(spokenLocale(), {
    maximumSignificantDigits: 3,
    roundingPriority: 'morePrecision',
    maximumFractionDigits: 0,
  });

/** A time in the person's own form; Unix milliseconds. Date and time of day where `options` say nothing else. */
export const formatTime = (at: number, options?: Intl.DateTimeFormatOptions): string =>
  new Date(at).toLocaleString(spokenLocale(), options);

/** Decimal units, as disks and downloads are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${formatDecimal(value, value < 10 ? 1 : 0)} ${units[power - 1]}`;
}

export function formatMs(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${formatDecimal(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  return t('{0} min {1} s', Math.floor(seconds / 60), seconds % 60);
}

/** A phrase as the beginning of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The first line of a text, and no more than `most` characters of it. */
export function oneLine(text: string, most: number): string {
  const line = text.trim().split(/\r?\n/, 1)[0] ?? '';
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
}
