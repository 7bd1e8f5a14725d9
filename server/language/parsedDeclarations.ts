import type { Definition, Syntax } from '../syntax/syntax.ts';
import { type Declaration, declarationsIn } from './declarations.ts';

/**
 * The declarations of a text by its grammar, in the order of their first line. Constants, languages without a grammar and what
 * stands in a text that does not parse are known by the look of their lines.
 */
export async function declarationsOf(
  syntax: Pick<Syntax, 'parse'>,
  { path, text }: { path: string; text: string },
): Promise<Declaration[]> {
  const byLines = declarationsIn(text);
  const parsed = await syntax.parse(path, text);
  if (parsed === undefined) return byLines;
  const lineAt = lineFinder(text);
  const defined = parsed.definitions.flatMap((definition) => declarationOf(definition, lineAt) ?? []);
  const known = new Set(defined.map(({ name, last }) => `${name} ${last}`));
  const isWhole = parsed.problems.length === 0;
  const others = byLines.filter(
    ({ is, name, last }) => !known.has(`${name} ${last}`) && (is === 'constant' || !isWhole),
  );
  return [...defined, ...others].sort((one, other) => one.first - other.first || other.last - one.last);
}

/** Undefined for a module, which holds declarations and is none that somebody points at. */
function declarationOf(
  { name, kind, outerStart, outerEnd }: Definition,
  lineAt: (offset: number) => number,
): Declaration | undefined {
  if (kind === 'module') return undefined;
  const is = kind === 'function' ? 'function' : 'type';
  return { name, is, first: lineAt(outerStart), last: lineAt(Math.max(outerStart, outerEnd - 1)) };
}

/** The line of an offset, both from 0. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
