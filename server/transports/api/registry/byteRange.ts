/** Bytes of a file, the last one included. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * The one range that a Range header asks for (RFC 9110, section 14). Null for all of it: also where several are asked
 * for, or in a unit or form that is not understood, which the RFC lets a server ignore. `none` where it asks for bytes
 * that there are not.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'none' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return null;
  if (from === '') {
    // The last so many bytes.
    const length = Math.min(Number(to), size);
    return length === 0 ? 'none' : { first: size - length, last: size - 1 };
  }
  if (to !== '' && Number(to) < Number(from)) return null;
  const last = Math.min(to === '' ? size - 1 : Number(to), size - 1);
  return Number(from) >= size ? 'none' : { first: Number(from), last };
}

/** Where the bytes of a body belong, as curl says with `--continue-at`: `bytes 5-9/10`; `first` is null for no bytes. */
export function contentRangeOf(header: string): { first: number | null; last: number; total: number } | null {
  const [, first, last, total] = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15})$/i.exec(header.trim()) ?? [];
  if (total === undefined) return null;
  if (first === undefined || last === undefined) return { first: null, last: -1, total: Number(total) };
  const range = { first: Number(first), last: Number(last), total: Number(total) };
  return range.first <= range.last && range.last < range.total ? range : null;
}
