import { wordOf } from './sentence.ts';
import type { Request } from './taught.ts';

/**
 * Whether an edit is the change that was asked for, or a part of it. The embedded model is small and copies wrongly at
 * times; since the product knows what the few taught changes look like, a wrong one never becomes a proposal.
 */
export function isAsked(request: Request, edit: { path: string; before: string | null; after: string }): boolean {
  if (edit.before === null) return false;
  const before = linesOf(edit.before);
  const after = linesOf(edit.after);
  if (request.act === 'document') return isDocumented(request, before, after);
  if (before.length !== after.length) return false;
  const changed = before.flatMap((line, index) => (line === after[index] ? [] : [[line, after[index] ?? ''] as const]));
  if (request.act === 'rename')
    return changed.every(([old, now]) => old.replace(wordOf(request.name, 'g'), () => request.newName) === now);
  return changed.length === 1 && changed.every(([old, now]) => withValue(old, request.name, request.value) === now);
}

/** The line that gives a name its value, with another value. */
function withValue(line: string, name: string, value: string): string | undefined {
  const word = wordOf(name).source;
  const match = new RegExp(
    String.raw`^(\s*(?:export\s+)?(?:const|let|var)\s+${word}\s*(?::[^=]+)?=\s*)(.*?)(;?\s*(?://.*)?)$`,
  ).exec(line);
  return match ? `${match[1]}${value}${match[3]}` : undefined;
}

function isDocumented(
  { name, text }: { name: string; text: string },
  before: readonly string[],
  after: readonly string[],
): boolean {
  const at = after.findIndex((line, index) => line !== before[index]);
  const declared = before[at] ?? '';
  const rest = [...after.slice(0, at), ...after.slice(at + 1)];
  return (
    at >= 0 &&
    after[at]?.trim() === `/** ${text} */` &&
    wordOf(name).test(declared) &&
    rest.length === before.length &&
    rest.every((line, index) => line === before[index])
  );
}

/** Whether the file already is as the request wants it; never said of a rename, which leaves no trace. */
export function isSoAlready(request: Request, text: string): boolean {
  const lines = linesOf(text);
  if (request.act === 'constant') return lines.some((line) => withValue(line, request.name, request.value) === line);
  if (request.act === 'rename') return false;
  return lines.some(
    (line, index) => line.trim() === `/** ${request.text} */` && wordOf(request.name).test(lines[index + 1] ?? ''),
  );
}

/** Lines, counted from 1, that still have the old name after a rename. */
export function leftOver(request: Request, after: string): number[] {
  if (request.act !== 'rename') return [];
  return linesOf(after).flatMap((line, index) => (wordOf(request.name).test(line) ? [index + 1] : []));
}

const linesOf = (text: string): string[] => text.replace(/^\uFEFF/, '').split(/\r?\n/);
