const andMore = (advice: string): string => `(there is more: ${advice})`;

/** As many lines as fit; what is left out is said, with what to do about it. */
export function bounded(
  lines: readonly string[],
  { complete, most, room, advice }: { complete: boolean; most: number; room: number; advice: string },
): string {
  if (lines.length === 0) return complete ? 'nothing found' : andMore(advice);
  const shownLines: string[] = [];
  let size = andMore(advice).length;
  for (const line of lines.slice(0, most)) {
    size += line.length + 1;
    if (size > room) break;
    shownLines.push(line);
  }
  if (!complete || shownLines.length < lines.length) shownLines.push(andMore(advice));
  return shownLines.join('\n');
}
