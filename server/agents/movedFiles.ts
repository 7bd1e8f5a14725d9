import type { Proposal, ProposalFile } from '../../protocol/index.ts';

type MovedFile = Proposal['moves'][number];

/** Share of text that a deleted and a new file have in common to be seen as one: what git takes. */
const ALIKE = 0.5;
/** Pairs of files that are compared line by line; a larger proposal shows further moves as deleted and new files. */
const MAX_PAIRS = 2500;

/** Which deleted and new files are one that was moved: the most alike first. Empty ones are alike to none. */
export function findMoves(files: readonly ProposalFile[]): MovedFile[] {
  const gone = files.flatMap(({ path, before, after }) => (before && after === null ? [textOf(path, before)] : []));
  const made = files.flatMap(({ path, before, after }) => (after && before === null ? [textOf(path, after)] : []));
  const pairs = gone.flatMap((from) => made.map((to) => ({ from, to }))).slice(0, MAX_PAIRS);
  const rated = pairs.map(({ from, to }) => ({ from: from.path, to: to.path, share: commonShare(from, to) }));
  const taken = new Set<string>();
  const moves: MovedFile[] = [];
  for (const { from, to, share } of rated.sort((a, b) => b.share - a.share)) {
    if (share < ALIKE || taken.has(from) || taken.has(to)) continue;
    taken.add(from).add(to);
    moves.push({ from, to });
  }
  return moves;
}

interface Text {
  path: string;
  length: number;
  /** Each with its end, so that an empty line weighs something too, and how often it is there. */
  lines: ReadonlyMap<string, number>;
}

function textOf(path: string, text: string): Text {
  const lines = new Map<string, number>();
  for (const line of text.match(/[^\n]*\n|[^\n]+/g) ?? []) lines.set(line, (lines.get(line) ?? 0) + 1);
  return { path, length: text.length, lines };
}

/** Twice the characters in lines that both have, by all characters: from 0 to 1. */
function commonShare(one: Text, other: Text): number {
  const all = one.length + other.length;
  if ((2 * Math.min(one.length, other.length)) / all < ALIKE) return 0;
  let common = 0;
  for (const [line, times] of one.lines) common += line.length * Math.min(times, other.lines.get(line) ?? 0);
  return (2 * common) / all;
}
