import type { Definition, Parsed, Syntax } from '../syntax/syntax.ts';
import { likeness } from './likeness.ts';
import { splitLines, usualEnd } from './lines.ts';
import { reindent } from './reindent.ts';

export type WholeOutcome = { ok: true; content: string } | { ok: false; problem: string };

/**
 * Puts another text in the place of one function, class or type, found by its name: `name`, or `Class.name` where several
 * have it. Refused unless the file follows its grammar as well as before, and defines everything that it did.
 */
export async function replaceWhole(
  file: { path: string; content: string },
  { name, lines }: { name: string; lines: readonly string[] },
  syntax: Syntax,
): Promise<WholeOutcome> {
  const mark = file.content.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = file.content.slice(mark.length);
  const before = await syntax.parse(file.path, text);
  if (!before) return wrong('its language is not known here, or it is too large: use edit_file');
  const found = before.definitions.filter((one) => isNamed(one, name));
  const [target] = found;
  if (!target) return wrong(`nothing named ${name} is defined there${nearest(name, before)}`);
  if (found.length > 1) return wrong(severalNamed(name, found));
  const content = put(text, target, lines);
  const after = await syntax.parse(file.path, content);
  const problem = after ? damage(before, after, target) : 'it takes too long to read';
  return problem === undefined ? { ok: true, content: mark + content } : wrong(problem);
}

const wrong = (problem: string): WholeOutcome => ({ ok: false, problem });

export const qualified = ({ within, name }: Definition): string => [...within, name].join('.');

const isNamed = (definition: Definition, name: string): boolean =>
  definition.name === name || qualified(definition) === name || qualified(definition).endsWith(`.${name}`);

function nearest(name: string, { definitions }: Parsed): string {
  const rated = definitions.map((one) => ({ one, score: likeness(name.split('.').at(-1) ?? '', one.name) }));
  const best = rated.sort((a, b) => b.score - a.score)[0];
  return best && best.score >= 0.5 ? `; nearest: ${qualified(best.one)}` : '';
}

function severalNamed(name: string, found: readonly Definition[]): string {
  const lines = found.slice(0, 10).map((one) => `${qualified(one)} in line ${one.line}`);
  return `${found.length} are named ${name} (${lines.join(', ')}): use edit_file`;
}

/** With as much of what stands around the definition as the new text brings along, in the file's indentation and line ends. */
function put(text: string, target: Definition, lines: readonly string[]): string {
  const code = lines.find((line) => line.trim() !== '' && !isComment(line))?.trim() ?? '';
  const around = text.slice(target.outerStart, target.start).trim();
  const isWhole = around !== '' && startWord(code) === startWord(around);
  let [start, end] = isWhole ? [target.outerStart, target.outerEnd] : [target.start, target.end];
  const comment = isComment(lines[0] ?? '') ? commentAbove(text, target.outerStart) : undefined;
  // A new comment stands in front of all that belongs to the definition, or it would come behind `export`.
  if (comment !== undefined && (isWhole || around === '')) start = comment;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const old = text.slice(lineStart, end).split(/\r?\n/);
  const fresh = reindent([lines[0] ?? ''], old, lines);
  // What the parser counts to a definition may end in front of its semicolon.
  if (text[end] === ';' && lines.at(-1)?.trimEnd().endsWith(';')) end++;
  return text.slice(0, start) + fresh.join(usualEnd(splitLines(text))).trimStart() + text.slice(end);
}

const startWord = (code: string): string => /^(?:\w+|.)/.exec(code)?.[0] ?? '';
const isComment = (line: string): boolean => /^\s*(?:\/[/*]|\*|#(?!!|\[|include|define|if)|--|"""|''')/.test(line);

/** Where the comment begins that ends in the line above, if there is one. */
function commentAbove(text: string, start: number): number | undefined {
  let at = text.lastIndexOf('\n', start - 1) + 1;
  let begin: number | undefined;
  while (at > 0) {
    const above = text.lastIndexOf('\n', at - 2) + 1;
    const line = text.slice(above, at);
    if (!isComment(line)) break;
    begin = above + (/^\s*/.exec(line)?.[0].length ?? 0);
    at = above;
  }
  return begin;
}

/** What the edit would break beside the definition that it is about. */
function damage(before: Parsed, after: Parsed, target: Definition): string | undefined {
  const [first] = after.problems;
  if (after.problems.length > before.problems.length && first)
    return `the new lines do not parse: line ${first.line} of the file would be "${first.text}"`;
  const isInside = (one: Definition) => one.start >= target.start && one.end <= target.end;
  const outside = before.definitions.filter((one) => one === target || !isInside(one));
  const left = after.definitions.map(qualified);
  for (const one of outside) {
    const at = left.indexOf(qualified(one));
    if (at < 0) return one === target ? `the new lines do not define ${one.name}` : `${one.name} would be gone`;
    left.splice(at, 1);
  }
  const twice = outside.find((one) => left.includes(qualified(one)));
  return twice && `${twice.name} would be there twice`;
}
