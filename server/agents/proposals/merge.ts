import { diff3MergeRegions, type IRegion } from 'node-diff3';

/** Three texts of one file, null where there is none: where two parted, and what each made of it. */
export interface Sides {
  base: string | null;
  ours: string | null;
  theirs: string | null;
}

export type Merged = { clean: true; text: string | null } | { clean: false };

/** Line comparisons that a merge may cost, a fraction of a second; texts that differ in more count as in conflict. */
const MAX_COMPARISONS = 200_000_000;

/**
 * What both sides changed, in one text: byte for byte what the sides have, since lines keep their own ends. Not clean where
 * both changed the same lines, or lines side by side, in different ways.
 */
export function merge(sides: Sides): Merged {
  const { base, ours, theirs } = sides;
  if (ours === base || ours === theirs) return { clean: true, text: theirs };
  if (theirs === base) return { clean: true, text: ours };
  const regions = regionsOf(sides);
  if (regions === undefined) return { clean: false };
  const lines: string[] = [];
  for (const region of regions) {
    const agreed = agreedIn(region);
    if (agreed === undefined) return { clean: false };
    for (const line of agreed) lines.push(line);
  }
  // The last line of one side has come before another: joined they would be one line that nobody wrote.
  if (lines.slice(0, -1).some((line) => !line.endsWith('\n'))) return { clean: false };
  return { clean: true, text: lines.join('') };
}

/** The same with the conflicts in it, marked as git does; null where a side has no file, or the texts are too different. */
export function markConflicts(sides: Sides, names: { ours: string; theirs: string }): string | null {
  const regions = regionsOf(sides);
  if (regions === undefined) return null;
  const end = sides.ours?.includes('\r\n') ? '\r\n' : '\n';
  const whole = (line: string): string => (line.endsWith('\n') ? line : line + end);
  const parts = regions.flatMap((region) => {
    const agreed = agreedIn(region);
    if (agreed !== undefined || region.stable) return agreed ?? [];
    const { aContent, bContent } = region;
    const [ours, theirs] = [aContent.map(whole), bContent.map(whole)];
    return [`<<<<<<< ${names.ours}${end}`, ...ours, `=======${end}`, ...theirs, `>>>>>>> ${names.theirs}${end}`];
  });
  return parts.map((line, index) => (index < parts.length - 1 ? whole(line) : line)).join('');
}

function agreedIn(region: IRegion<string>): readonly string[] | undefined {
  if (region.stable) return region.bufferContent;
  const { aContent, bContent } = region;
  return aContent.length === bContent.length && aContent.every((line, at) => line === bContent[at])
    ? aContent
    : undefined;
}

/** Undefined where there is nothing to compare, or too much. */
function regionsOf({ base, ours, theirs }: Sides): IRegion<string>[] | undefined {
  if (base === null || ours === null || theirs === null) return undefined;
  const [o, a, b] = [linesOf(base), linesOf(ours), linesOf(theirs)];
  // The comparison takes the square of what it is given, and most of a file is in none of the changes.
  const shortest = Math.min(o.length, a.length, b.length);
  let head = 0;
  while (head < shortest && o[head] === a[head] && o[head] === b[head]) head++;
  let tail = 0;
  while (tail < shortest - head && o.at(-1 - tail) === a.at(-1 - tail) && o.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const middle = (lines: string[]): string[] => lines.slice(head, lines.length - tail);
  const [mo, ma, mb] = [middle(o), middle(a), middle(b)];
  if (comparisons(mo, ma) + comparisons(mo, mb) > MAX_COMPARISONS) return undefined;
  const stable = (bufferStart: number, bufferContent: string[]): IRegion<string> => ({
    ...{ stable: true, buffer: 'o', bufferStart, bufferLength: bufferContent.length, bufferContent },
  });
  return [
    stable(0, o.slice(0, head)),
    ...diff3MergeRegions(ma, mo, mb),
    stable(o.length - tail, o.slice(o.length - tail)),
  ];
}

/** At most: the library looks through all lines in common for each pair of equal ones, of which a line that is there often makes many. */
function comparisons(one: readonly string[], other: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of one) counts.set(line, (counts.get(line) ?? 0) + 1);
  const pairs = other.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
  return pairs * Math.min(one.length, other.length);
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? [];
