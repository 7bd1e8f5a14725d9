export interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** The one piece in which two texts differ, so that a cursor outside of it stays; undefined when they do not. */
export function smallestChange(before: string, after: string): Change | undefined {
  if (before === after) return undefined;
  const shortest = Math.min(before.length, after.length);
  let from = 0;
  while (from < shortest && before[from] === after[from]) from++;
  let tail = 0;
  while (tail < shortest - from && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}
