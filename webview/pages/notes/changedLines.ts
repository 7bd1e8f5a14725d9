export interface ChangedLine {
  readonly side: 'mine' | 'theirs';
  readonly text: string;
}

/** Lines that are shown. */
const MOST = 200;

/** What stands between the lines that two texts share at their beginning and their end: first theirs, then mine. */
export function changedLines(theirs: string, mine: string): ChangedLine[] {
  const [other, own] = [theirs.split('\n'), mine.split('\n')];
  const shortest = Math.min(other.length, own.length);
  let head = 0;
  while (head < shortest && other[head] === own[head]) head++;
  let tail = 0;
  while (tail < shortest - head && other.at(-1 - tail) === own.at(-1 - tail)) tail++;
  const between = (lines: string[], side: ChangedLine['side']): ChangedLine[] =>
    lines.slice(head, lines.length - tail).map((text) => ({ side, text }));
  return [...between(other, 'theirs').slice(0, MOST), ...between(own, 'mine').slice(0, MOST)];
}
