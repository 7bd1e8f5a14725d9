import type { Spot, TextRange } from '../../protocol/index.ts';
import { type Declaration, declarationAt } from './declarations.ts';

/** What a person points at: the code that they selected, or the declaration around the cursor. */
export interface Subject {
  /** Null for selected code that is no single declaration. */
  name: string | null;
  /** Whole lines, or what was selected. */
  range: TextRange;
  text: string;
}

/** Undefined where the cursor stands in nothing. A single selected word is pointed at, not selected. */
export function subjectOf(
  { text, range }: Pick<Spot, 'text' | 'range'>,
  declarations: readonly Declaration[],
): Subject | undefined {
  const lines = text.split(/\r?\n/);
  const { start, end } = range;
  const selected = textIn(lines, range);
  if (/\s/.test(selected.trim())) {
    // A selection of whole lines ends at the beginning of the next one.
    const last = end.character === 0 ? end.line - 1 : end.line;
    const name = declarations.find((one) => one.first >= start.line && one.last <= last)?.name ?? null;
    return { name, range, text: selected };
  }
  const around = declarationAt(declarations, start.line);
  return around && { name: around.name, ...wholeLines(lines, around.first, around.last) };
}

/** Some lines before and after a range, as one text. */
export function linesAround(text: string, { start, end }: TextRange, more: number): string {
  const lines = text.split(/\r?\n/);
  return wholeLines(lines, Math.max(0, start.line - more), Math.min(lines.length - 1, end.line + more)).text;
}

const COMMENT = /(?:\/\/|\/\*+|#|--|;|%|<!--|")\s*ospain2:\s*(?<said>\S.*?)\s*(?:\*\/|-->)?\s*$/i;

/** What a person wrote for the product, as a comment `ospain2: …` in one of the lines of a range. */
export function saidInComment({ text, range }: Pick<Spot, 'text' | 'range'>): string | undefined {
  const lines = text.split(/\r?\n/).slice(range.start.line, range.end.line + 1);
  for (const line of lines) {
    const said = COMMENT.exec(line)?.groups?.['said'];
    if (said !== undefined) return said;
  }
  return undefined;
}

function wholeLines(lines: readonly string[], first: number, last: number): Pick<Subject, 'range' | 'text'> {
  const end = { line: last, character: lines[last]?.length ?? 0 };
  return { range: { start: { line: first, character: 0 }, end }, text: lines.slice(first, last + 1).join('\n') };
}

function textIn(lines: readonly string[], { start, end }: TextRange): string {
  const inside = lines.slice(start.line, end.line + 1);
  return inside
    .map((line, index) =>
      line.slice(index === 0 ? start.character : 0, start.line + index === end.line ? end.character : undefined),
    )
    .join('\n');
}

/** Whether two ranges have a place in common; an empty one may stand at the other's edge. */
export const touches = (one: TextRange, other: TextRange): boolean =>
  !isBefore(one.end, other.start) && !isBefore(other.end, one.start);

const isBefore = (one: TextRange['start'], other: TextRange['start']): boolean =>
  one.line < other.line || (one.line === other.line && one.character < other.character);
