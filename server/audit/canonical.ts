import { createHash } from 'node:crypto';

/** What an entry may say besides; text, whole numbers and lists of text alone, so that every language writes it alike. */
export type Details = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** What the hash of an entry is made of. */
export interface HashedEntry {
  /** Which chain it is part of, so that an entry of another one does not fit. */
  chain: string;
  number: number;
  /** Unix milliseconds. */
  at: number;
  type: string;
  actor: string;
  subject: string;
  details: Details;
  /** The hash of the entry before, in hexadecimal; that of the first is `FIRST`. */
  previous: string;
}

export const FIRST = '0'.repeat(64);

/** Keeps these hashes apart from all others. */
const DOMAIN = 'OSPAiN2 audit entry 1\n';

/** SHA-256 (FIPS 180-4) of the domain and the entry in canonical JSON, as UTF-8; in hexadecimal. */
export function hashOf(entry: HashedEntry): string {
  const { chain, number, at, type, actor, subject, details, previous } = entry;
  const text = canonical({ chain, number, at, type, actor, subject, details, previous });
  return createHash('sha256').update(`${DOMAIN}${text}`).digest('hex');
}

/** Stands for a text that is not to be kept; null for none. */
export const hashOfText = (text: string | null): string | null =>
  text === null ? null : createHash('sha256').update(text).digest('hex');

/** RFC 8785: names in the order of their UTF-16 code units, no blanks, text and numbers as ECMAScript writes them. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
