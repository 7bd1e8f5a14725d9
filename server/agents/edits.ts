/**
 * Puts a model's edits into a text. Every block must name its place beyond doubt: a wrong place is worse than no edit, so
 * each step of the ladder takes a match only when it is the only one, and only whole lines.
 */

import { diffArrays } from 'diff';
import type { Edit } from './format.ts';
import { likeness } from './likeness.ts';
import { joinLines, type Line, splitLines, usualEnd, withoutBlanks } from './lines.ts';
import { reindent } from './reindent.ts';

/** How a block was found: the steps of the ladder. */
export type Step = 'exact' | 'lineEnds' | 'blanks' | 'punctuation' | 'nearly' | 'created';

export type EditOutcome =
  | { ok: true; content: string; steps: Step[] }
  | { ok: false; problem: 'notFound'; block: number; nearest: string | undefined }
  | { ok: false; problem: 'ambiguous'; block: number; lines: number[] }
  | { ok: false; problem: 'exists' | 'noFile' | 'unchanged'; block: number };

/** All blocks or none; each is looked for in what the ones before it made. `content` is null where there is no file. */
export function applyEdits(content: string | null, edits: readonly Edit[]): EditOutcome {
  const mark = content?.startsWith('\uFEFF') ? '\uFEFF' : '';
  let text = content === null ? null : content.slice(mark.length);
  const steps: Step[] = [];
  for (const [index, edit] of edits.entries()) {
    const block = index + 1;
    const replacement = linesOf(edit.replace);
    if (edit.search === '') {
      if (text) return { ok: false, problem: 'exists', block };
      text = replacement.map((line) => `${line}\n`).join('');
      steps.push('created');
      continue;
    }
    if (text === null) return { ok: false, problem: 'noFile', block };
    const lines = splitLines(text);
    const place = findPlace(lines, linesOf(edit.search), replacement);
    if ('problem' in place) return { ok: false, block, ...place };
    const changed = joinLines(putLines(lines, place));
    if (changed === text) return { ok: false, problem: 'unchanged', block };
    text = changed;
    steps.push(place.step);
  }
  return { ok: true, content: mark + (text ?? ''), steps };
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/\r?\n/));

interface Found {
  step: Step;
  /** The first of `count` lines that `replacement` takes the place of. */
  at: number;
  count: number;
  replacement: string[];
}
type Place = Found | { problem: 'notFound'; nearest: string | undefined } | { problem: 'ambiguous'; lines: number[] };

/** Two lines are the same at a step when they have the same key there. */
const LADDER: readonly [Step, (line: string) => string][] = [
  ['exact', (line) => line],
  ['lineEnds', (line) => line.trimEnd()],
  ['blanks', withoutBlanks],
  ['punctuation', plain],
];

/** Kinds of quotes and dashes, blanks beside signs and a final `;` or `,` do not count: what models get wrong without meaning it. */
function plain(line: string): string {
  return withoutBlanks(line)
    .replace(/["'`‘’‚‛“”„]/g, '"')
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/ ?([^\w\s]) ?/g, '$1')
    .replace(/[;,]$/, '');
}

function findPlace(lines: readonly Line[], search: readonly string[], replacement: readonly string[]): Place {
  const texts = lines.map(({ text }) => text);
  // Blank lines alone, or brackets, say nothing about a place unless they stand there exactly and once.
  const telling = search.some((line) => /[\p{L}\p{N}]/u.test(line));
  for (const [step, key] of telling ? LADDER : LADDER.slice(0, 2)) {
    const found = matches(texts.map(key), search.map(key));
    const [at] = found;
    if (at === undefined) continue;
    if (found.length > 1) return { problem: 'ambiguous', lines: found.map((index) => index + 1) };
    const there = texts.slice(at, at + search.length);
    return { step, at, count: search.length, replacement: adapt(step, search, there, replacement) };
  }
  if (!telling) return { problem: 'notFound', nearest: undefined };
  const [bare, bareReplacement] = withoutBlankEdges(search, replacement);
  if (bare.length < search.length) return findPlace(lines, bare, bareReplacement);
  const agreements = agreementsOf(texts.map(plain), search.map(plain));
  return (
    findNearly(texts, search, replacement, agreements) ?? {
      problem: 'notFound',
      nearest: nearest(texts, search, agreements),
    }
  );
}

/** The places at which all lines of the search stand, in time that grows with the lines and not their square (Knuth, Morris, Pratt). */
function matches(texts: readonly string[], search: readonly string[]): number[] {
  /** For each beginning of the search: how long the longest other beginning is with which it ends. */
  const borders: number[] = [0];
  const grow = (length: number, line: string | undefined): number => {
    while (length > 0 && search[length] !== line) length = borders[length - 1] ?? 0;
    return search[length] === line ? length + 1 : 0;
  };
  for (let at = 1; at < search.length; at++) borders.push(grow(borders[at - 1] ?? 0, search[at]));
  const found: number[] = [];
  let length = 0;
  for (const [at, line] of texts.entries()) {
    length = grow(length === search.length ? (borders[length - 1] ?? 0) : length, line);
    if (length === search.length) found.push(at + 1 - length);
  }
  return found;
}

/** The replacement as this file would have it: its own indentation, and its own text in lines that the edit only keeps. */
function adapt(
  step: Step,
  search: readonly string[],
  there: readonly string[],
  replacement: readonly string[],
): string[] {
  if (step === 'exact') return [...replacement];
  const adapted = reindent(search, there, replacement);
  for (const [from, to] of keptLines(search, replacement)) adapted[to] = there[from] ?? '';
  return adapted;
}

/** Lines that are removed or added before two texts count as having nothing in common. */
const MAX_CHANGES = 1000;
/** Comparisons of lines for an edit that stands nowhere: of larger ones nobody is told where they nearly do. */
const MAX_COMPARISONS = 10_000_000;

/** Which lines of the search the replacement keeps: index there → index here. */
function keptLines(search: readonly string[], replacement: readonly string[]): Map<number, number> {
  const kept = new Map<number, number>();
  let from = 0;
  let to = 0;
  for (const part of diffArrays([...search], [...replacement], { maxEditLength: MAX_CHANGES }) ?? []) {
    if (part.added) to += part.count;
    else if (part.removed) from += part.count;
    else for (let i = 0; i < part.count; i++) kept.set(from++, to++);
  }
  return kept;
}

/** Models like to put empty lines around a block; both sides lose as many. */
function withoutBlankEdges(search: readonly string[], replacement: readonly string[]): [string[], string[]] {
  const sides: [string[], string[]] = [[...search], [...replacement]];
  const [bare, other] = sides;
  while (bare[0]?.trim() === '') {
    bare.shift();
    if (other[0]?.trim() === '') other.shift();
  }
  while (bare.at(-1)?.trim() === '') {
    bare.pop();
    if (other.at(-1)?.trim() === '') other.pop();
  }
  return sides;
}

/** For each place that the block could stand at, how many lines agree but for punctuation; none for what is too large. */
function agreementsOf(texts: readonly string[], search: readonly string[]): number[] {
  const counts: number[] = [];
  if (texts.length * search.length > MAX_COMPARISONS) return counts;
  for (let at = 0; at + search.length <= texts.length; at++) {
    let count = 0;
    for (const [index, line] of search.entries()) if (line === texts[at + index]) count++;
    counts.push(count);
  }
  return counts;
}

/**
 * The last step: a block of four lines or more whose first and last line and three quarters of all agree, when no other
 * place agrees in even half of them. A line that does not agree must be one that the edit keeps, and nearly the same; it
 * stays as the file has it. So a value that the model remembers wrongly is never written over the real one.
 */
function findNearly(
  texts: readonly string[],
  search: readonly string[],
  replacement: readonly string[],
  agreements: readonly number[],
): Found | undefined {
  const count = search.length;
  const close = [...agreements.keys()].filter((at) => (agreements[at] ?? 0) * 2 >= count);
  const [at] = close;
  if (count < 4 || at === undefined || close.length > 1 || (agreements[at] ?? 0) * 4 < count * 3) return undefined;
  const there = texts.slice(at, at + count);
  const kept = keptLines(search, replacement);
  for (const [index, line] of search.entries()) {
    const real = there[index] ?? '';
    if (plain(line) === plain(real)) continue;
    const edge = index === 0 || index === count - 1;
    if (edge || !kept.has(index) || likeness(withoutBlanks(line), withoutBlanks(real)) < 0.8) return undefined;
  }
  return { step: 'nearly', at, count, replacement: adapt('nearly', search, there, replacement) };
}

/** Whole lines in, with line ends as around them: a last line without an end stays without one. */
function putLines(lines: readonly Line[], { at, count, replacement }: Found): Line[] {
  const last = lines[at + count - 1]?.end ?? '';
  const end = lines[at]?.end || usualEnd(lines);
  const put = replacement.map((text, index) => ({ text, end: index === replacement.length - 1 ? last : end }));
  return [...lines.slice(0, at), ...put, ...lines.slice(at + count)];
}

/** The line that was probably meant, as the file has it: where the best place first disagrees, or the most similar one. */
function nearest(
  texts: readonly string[],
  search: readonly string[],
  agreements: readonly number[],
): string | undefined {
  const best = agreements.reduce((one, other) => Math.max(one, other), 0);
  const at = agreements.indexOf(best);
  const off = search.findIndex((line, index) => plain(line) !== plain(texts[at + index] ?? ''));
  if (best * 2 >= search.length) return clip(texts[at + off] ?? '');
  const first = withoutBlanks(search.find((line) => line.trim() !== '') ?? '');
  let found: { text: string; score: number } | undefined;
  for (const text of texts) {
    // One that is three times as long has less than half in common: nothing is counted for that.
    if (text.length * 3 < first.length) continue;
    const line = withoutBlanks(text);
    if (Math.max(first.length, line.length) > 3 * Math.min(first.length, line.length)) continue;
    const score = likeness(first, line);
    if (score >= 0.5 && (!found || score > found.score)) found = { text, score };
  }
  return found && clip(found.text);
}

const clip = (line: string): string => (line.length > 200 ? `${line.slice(0, 200)}…` : line);
