import type { Definition } from '../syntax/syntax.ts';

/** Lines of a file that are found together. Lines count from 1, the last one is in it. */
export interface Chunk {
  from: number;
  to: number;
  /** Of the definition, with the names around it; null for what lies between. */
  name: string | null;
}

/** Longer ones are cut, so that what is found can be read; a definition up to `WHOLE` keeps what it defines inside. Lines. */
const MOST = 80;
const WHOLE = 40;

/** Cuts a text where its definitions begin and end. Lines without a letter or a digit are in none. */
export function chunksOf(text: string, definitions: readonly Definition[]): Chunk[] {
  const starts = lineStarts(text);
  const lineAt = (offset: number): number => upperBound(starts, offset);
  const cuts = new Map<number, string | null>();
  const last = starts.length;
  const lines = text.split('\n');
  let whole = 0;
  for (const definition of definitions) {
    const begin = lineAt(definition.outerStart);
    const to = lineAt(Math.max(definition.outerStart, definition.outerEnd - 1));
    // A one-liner stays with its neighbours.
    if (to - begin < 2 || to <= whole) continue;
    if (to - begin < WHOLE) whole = to;
    const from = begin - remarksAbove(lines, begin);
    cuts.set(from, [...definition.within, definition.name].join('.'));
    if (to < last && !cuts.has(to + 1)) cuts.set(to + 1, definition.within.join('.') || null);
  }
  if (!cuts.has(1)) cuts.set(1, null);
  const sorted = [...cuts].toSorted(([one], [other]) => one - other);
  return sorted
    .flatMap(([from, name], index) => pieces(from, (sorted[index + 1]?.[0] ?? last + 1) - 1, name))
    .filter(({ from, to }) => /[\p{L}\p{N}]/u.test(text.slice(starts[from - 1], starts[to])));
}

/** How many lines directly above this one are a comment: they say what it is for. */
function remarksAbove(lines: readonly string[], line: number): number {
  let count = 0;
  while (/^\s*(\/\/|\/?\*|#|--|@\w)/.test(lines[line - 2 - count] ?? '')) count++;
  return count;
}

function pieces(from: number, to: number, name: string | null): Chunk[] {
  const count = Math.ceil((to - from + 1) / MOST);
  const size = Math.ceil((to - from + 1) / Math.max(1, count));
  return Array.from({ length: count }, (_, at) => ({
    from: from + at * size,
    to: Math.min(to, from + (at + 1) * size - 1),
    name,
  }));
}

/** Offsets at which lines begin; a final line break begins none. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0 && at < text.length - 1; at = text.indexOf('\n', at + 1))
    starts.push(at + 1);
  return starts;
}

/** How many of the sorted numbers are at most this one. */
function upperBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The text of some lines. */
export const linesOf = (text: string, { from, to }: Pick<Chunk, 'from' | 'to'>): string =>
  text
    .split('\n')
    .slice(from - 1, to)
    .join('\n');
