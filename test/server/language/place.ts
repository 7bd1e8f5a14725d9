import type { ParsedParams } from '../../../protocol/index.ts';

/** A place in a text: the cursor at `|`, or what stands between two of them. */
export function at(marked: string, more: Partial<ParsedParams<'action/run'>> = {}) {
  const [before = '', ...rest] = marked.split('|');
  const text = [before, ...rest].join('');
  const position = (length: number) => {
    const lines = text.slice(0, length).split('\n');
    return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  };
  const start = position(before.length);
  const end = rest.length > 1 ? position(before.length + (rest[0]?.length ?? 0)) : start;
  return {
    path: 'src/orders.ts',
    language: 'typescript',
    text,
    range: { start, end },
    problems: [],
    model: 'default',
    automatic: false,
    ...more,
  };
}

/** A problem that is said of a text's first `what`. */
export function problem(text: string, what: string, message: string, more: { code?: string; source?: string } = {}) {
  const { range } = at(text.replace(what, `|${what}|`));
  return { range, message, ...more };
}
