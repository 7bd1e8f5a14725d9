import { z } from 'zod';
import { Horizon, OspainError } from '../../protocol/index.ts';
import { parsed } from '../agents/answerKind.ts';
import { PLAN_GRAMMAR, tagGrammar } from '../agents/grammar.ts';
import { plainRequest } from '../agents/sentence.ts';
import { TAG_CUES } from '../agents/tagCues.ts';
import { taughtGoal, taughtNote } from '../agents/taught.ts';
import { newHorizon, newTags, newTitle } from './answers.ts';
import { type Made, type Matter, type NewPart, partOf } from './matter.ts';
import { clip, plural, quoted } from './phrases.ts';
import { plainLines } from './plainLines.ts';

/*
 * What the embedded model is asked for: only what it was taught, in the very words, a line of the note at a time. It was
 * taught no reasons, so these are what the product itself knows of why.
 */

/** Each turn is a conversation of its own: the model was taught no second question. */
export interface TinyTurn {
  text: string;
  gbnf: string;
}

export interface TinyAsked {
  turns: readonly TinyTurn[];
  /** From the answers, one a turn; throws `bad_answer`. */
  read(answers: readonly string[]): Made;
}

/** Lines of one note that it is asked about. */
const MOST_LINES = 8;

/** Throws `not_taught` when nothing in it was taught. */
export function askTiny(matter: Matter): TinyAsked {
  if (matter.about === 'title')
    throw new OspainError('not_taught', 'The embedded model was not taught to word titles.');
  if (matter.about === 'steps') return stepsAsked(matter);
  const perBox = matter.about === 'horizon' && matter.boxes.length > 0;
  const sorted = sortedLines(perBox ? matter.boxes : openLines(matter));
  const turns = sorted.map(({ turn }) => ({ text: turn, gbnf: tagGrammar('tiny') }));
  return {
    turns,
    read(answers) {
      const said = answers.map((answer, index) => ({ ...parsed(answer, Sorted), line: sorted[index]?.line ?? '' }));
      if (matter.about === 'tags') return tagsMade(matter, said);
      return perBox ? boxesMade(matter, said) : wholeMade(matter, said);
    },
  };
}

const Sorted = z.object({ tags: z.array(z.string()).min(1), horizon: Horizon });
type Said = z.infer<typeof Sorted> & { line: string };

function sortedLines(lines: readonly string[]): { line: string; turn: string }[] {
  const sorted: { line: string; turn: string }[] = [];
  let refused: unknown;
  for (const line of lines) {
    if (sorted.length === MOST_LINES) break;
    try {
      sorted.push({ line, turn: taughtNote(line) });
    } catch (thrown) {
      refused ??= thrown;
    }
  }
  if (sorted.length > 0) return sorted;
  throw refused ?? new OspainError('not_taught', 'There is no text to make a suggestion of.');
}

function tagsMade(matter: Matter, said: readonly Said[]): Made {
  const parts = said.flatMap(({ tags, line }) =>
    tags.map((tag): NewPart => ({ text: tag, line: null, reason: tagReason(tag, line) })),
  );
  return newTags(matter, `The embedded model sorted ${plural(said.length, 'line')} by words that it knows.`, parts);
}

function tagReason(tag: string, line: string): string {
  const cue = TAG_CUES[tag]?.find((word) => new RegExp(String.raw`(?<!\w)${word}(?!\w)`, 'i').test(line));
  return cue === undefined ? `Of the line ${quoted(line)}.` : `${quoted(cue)} in the line ${quoted(line)}.`;
}

function boxesMade({ boxes }: Matter, said: readonly Said[]): Made {
  const left = boxes.length - said.length;
  const rest = left === 1 ? 'One other has' : `${left} others have`;
  return {
    reason: `The embedded model read each box by itself.${left === 0 ? '' : ` ${rest} none of the words that it knows.`}`,
    parts: said.map(({ horizon, line }) => ({ text: horizon, line, reason: null })),
  };
}

/** The whole is as near as its nearest line. */
function wholeMade(matter: Matter, said: readonly Said[]): Made {
  const [nearest] = said.toSorted((one, other) => ORDER.indexOf(one.horizon) - ORDER.indexOf(other.horizon));
  if (nearest === undefined) return { reason: 'There is nothing to plan.', parts: [] };
  return newHorizon(matter, `The embedded model read ${quoted(nearest.line)}.`, nearest.horizon);
}

const ORDER = Horizon.options;

function stepsAsked({ title }: Matter): TinyAsked {
  const goal = taughtGoal(title);
  return {
    turns: [{ text: goal, gbnf: PLAN_GRAMMAR }],
    read: ([answer = '']) => ({
      reason: `The embedded model’s plan for ${quoted(title)}.`,
      parts: parsed(answer, Steps).map(partOf),
    }),
  };
}

const Steps = z.array(z.string().trim().min(1)).min(1);

/** Characters of a title that is made without a model. */
const MOST_TITLE = 60;

/** The first sentence, without courtesies: what stands in for a model that can word a title. */
export function plainTitle(matter: Matter): Made {
  const heard = openLines(matter).filter((line) => line !== matter.title);
  const first = plainRequest((heard[0] ?? matter.title).split(/(?<=[.?!])\s/, 1)[0] ?? '');
  const cut = clip(first, MOST_TITLE);
  const whole = cut.endsWith('…') ? cut.replace(/\s+\S*…$/, '…') : cut;
  const title = whole.slice(0, 1).toUpperCase() + whole.slice(1);
  return newTitle(matter, 'The first sentence; the embedded model was not taught to word titles.', title);
}

/** What a suggestion is made of: a box with a tick is over. */
const openLines = ({ text }: Pick<Matter, 'text'>): string[] =>
  plainLines(text).flatMap((line) => (line.done ? [] : [line.text]));
