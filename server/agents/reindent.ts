import { indentOf } from './lines.ts';

/**
 * A replacement was written for `searched`, but the file has `found` in its place, which differs in blanks. Moves the
 * replacement to the file's own indentation.
 */
export function reindent(
  searched: readonly string[],
  found: readonly string[],
  replacement: readonly string[],
): string[] {
  const indents = new Map<string, string>();
  for (const [index, line] of searched.entries()) {
    if (line.trim() === '' || indents.has(indentOf(line))) continue;
    indents.set(indentOf(line), indentOf(found[index] ?? ''));
  }
  const unit = unitOf(searched.concat(replacement));
  const fileUnit = unitOf(found);
  return replacement.map((line) =>
    line.trim() === '' ? '' : newIndent(indentOf(line), indents, unit, fileUnit) + line.trimStart(),
  );
}

/** The file's indentation for one that the search never had: that of the nearest known one, and the levels between. */
function newIndent(indent: string, known: ReadonlyMap<string, string>, unit: string, fileUnit: string): string {
  const exact = known.get(indent);
  if (exact !== undefined) return exact;
  const below = [...known].filter(([from]) => indent.startsWith(from)).sort((a, b) => b[0].length - a[0].length)[0];
  if (below) {
    const [from, to] = below;
    return to + levels(indent.slice(from.length), unit, fileUnit);
  }
  const above = [...known].filter(([from]) => from.startsWith(indent)).sort((a, b) => a[0].length - b[0].length)[0];
  if (!above) return indent;
  const [from, to] = above;
  const less = levels(from.slice(indent.length), unit, fileUnit);
  return to.endsWith(less) ? to.slice(0, to.length - less.length) : indent;
}

/** The same number of levels in the file's unit; what is no whole number of levels stays as it is. */
function levels(blanks: string, unit: string, fileUnit: string): string {
  if (unit === '' || fileUnit === '' || blanks.length % unit.length !== 0) return blanks;
  return fileUnit.repeat(blanks.length / unit.length);
}

/** One level of indentation, as far as these lines show it: a tab, or the smallest step between two lines. */
function unitOf(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== '').map(indentOf);
  if (indents.some((indent) => indent.includes('\t'))) return '\t';
  const widths = [...new Set(indents.map((indent) => indent.length))].sort((a, b) => a - b);
  const steps = widths.slice(1).map((width, index) => width - (widths[index] ?? 0));
  const least = steps.length > 0 ? Math.min(...steps) : (widths.find((width) => width > 0) ?? 0);
  return ' '.repeat(least);
}
