import { OspainError } from '../../protocol/index.ts';
import type { Answer, Turn } from '../inference/engine.ts';
import { type Call, isCallOf, parseCall, renderCall, renderError, renderResult, type Words } from './format.ts';
import { tokensIn, tokensOf } from './modelTurn.ts';
import { cutOff, lastEditFailed } from './prompts.ts';
import type { Tool, ToolResult } from './tools/tool.ts';
import { formsOf, type ToolSet, toolNamed } from './tools/toolSet.ts';

const MAX_TURNS = 60;
/** The same call this often, with nothing changed in between, stops the task. */
const MAX_SAME = 3;
/** Answers in a row that are no call. The model is told what is wrong with the first two. */
const MAX_UNREADABLE = 3;

/**
 * A conversation after some finished turns: all that decides how it goes on. Only `proceed` makes the next one, from what
 * the log keeps, so a run that goes on after a crash is told the same letters and decides the same as an undisturbed one.
 */
export interface Conversation {
  /** The number of the turn that is next; counts from 1. */
  readonly turn: number;
  /** What was asked. */
  readonly begin: string;
  /** Append-only, so that the worker keeps what it has evaluated; it begins again behind a summary. */
  readonly turns: readonly Turn[];
  /** Tokens that they take: counted by the engine up to the last answer, estimated behind it. */
  readonly load: number;
  /** How often each call was made since the last change. */
  readonly calls: ReadonlyMap<string, number>;
  /** How many answers at the end were no call. */
  readonly unreadable: number;
  /** What was wrong with the last edit. */
  readonly failedEdit: string | undefined;
  /** Whether the model was told that it is not done. */
  readonly refused: boolean;
}

/** What follows from an answer. All but `tell` without a call and `fail` without one stand behind a `call` event. */
export type Move =
  | { does: 'work'; made: Made; tool: Tool }
  | { does: 'tell'; made: Made | undefined; problem: string }
  | { does: 'end'; made: Made; said: string }
  /** It goes nowhere; only a person can help. */
  | { does: 'stuck'; made: Made | undefined; error: OspainError }
  | { does: 'fail'; made: Made | undefined; error: OspainError };

/** A call that was read, and what a person reads of it. */
export interface Made {
  call: Call;
  words: Words;
}

/** What stays the same over all turns of a task. */
export interface Setting {
  tools: ToolSet;
  maxTokens: number;
  /** What is wrong with what the model says in the end; undefined when nothing is. */
  problemOf?: ((said: string) => string | undefined) | undefined;
}

/** `earlier` are turns of other tasks, in a chat. */
export const beginWith = (text: string, earlier: readonly Turn[] = []): Conversation => ({
  turn: 1,
  begin: text,
  turns: [...earlier, { role: 'user', text }],
  load: 0,
  calls: new Map(),
  unreadable: 0,
  failedEdit: undefined,
  refused: false,
});

/** Throws `loop` when the conversation has had its turns. */
export function assertTurnsLeft({ turn }: Conversation): void {
  if (turn > MAX_TURNS) throw endless(`The model did not come to an end in ${MAX_TURNS} turns.`);
}

export function decide(now: Conversation, answer: Answer, { tools, maxTokens, problemOf }: Setting): Move {
  const parsed = parseCall(answer.text, formsOf(tools));
  if (!parsed.ok) {
    const problem = answer.stop === 'maxTokens' ? cutOff(maxTokens) : parsed.problem;
    if (now.unreadable + 1 === MAX_UNREADABLE) return { does: 'stuck', made: undefined, error: badAnswer(problem) };
    return { does: 'tell', made: undefined, problem };
  }
  const { call, form } = parsed;
  const made = { call, words: form.words(call) };
  const failed = (error: OspainError): Move => ({ does: 'fail', made, error });
  if (isCallOf(tools.finish, call)) {
    if (call.outcome !== 'done')
      return failed(new OspainError('task_failed', call.body || `The model ended as ${call.outcome}.`));
    const problem = problemOf?.(call.body);
    if (problem !== undefined)
      return now.refused ? { does: 'stuck', made, error: badAnswer(problem) } : { does: 'tell', made, problem };
    if (now.failedEdit === undefined) return { does: 'end', made, said: call.body || 'Done.' };
    if (now.refused) return failed(falseDone(now.failedEdit));
    return { does: 'tell', made, problem: lastEditFailed(now.failedEdit) };
  }
  if (madeBefore(now, call) + 1 === MAX_SAME)
    return {
      does: 'stuck',
      made,
      error: endless(`The model made the same call ${MAX_SAME} times: ${made.words.what}.`),
    };
  return { does: 'work', made, tool: toolNamed(tools, call.tool) };
}

/** The conversation after an answer and what the model was told about it. */
export function proceed(now: Conversation, answer: Answer, move: Move, { ok, text }: ToolResult): Conversation {
  const told = ok ? renderResult(text) : renderError(text);
  const turns: Turn[] = [...now.turns, { role: 'assistant', text: answer.text }, { role: 'user', text: told }];
  const next = { ...now, turn: now.turn + 1, turns, load: tokensOf(answer) + tokensIn(told) };
  // Told by a person, it begins to count anew.
  if (move.does === 'stuck') return { ...next, calls: new Map(), unreadable: 0, refused: false };
  if (move.made === undefined) return { ...next, unreadable: now.unreadable + 1 };
  if (move.does !== 'work') return { ...next, unreadable: 0, refused: true };
  const { call } = move.made;
  const isEdit = move.tool.effect === 'edit';
  return {
    ...next,
    unreadable: 0,
    // What was asked before the change may be asked again after it.
    calls: isEdit && ok ? new Map() : new Map(now.calls).set(renderCall(call), madeBefore(now, call) + 1),
    failedEdit: isEdit ? (ok ? undefined : text) : now.failedEdit,
  };
}

const madeBefore = ({ calls }: Conversation, call: Call): number => calls.get(renderCall(call)) ?? 0;

const endless = (message: string): OspainError =>
  new OspainError('loop', message, { hint: 'Say it in another way, in smaller steps, or with a larger model.' });

const badAnswer = (problem: string): OspainError =>
  new OspainError('bad_answer', `The model’s answers could not be read: ${problem}.`, {
    hint: 'Try again, or with a larger model.',
  });

const falseDone = (problem: string): OspainError =>
  new OspainError('task_failed', `The model said that it is done, but its last edit did not work: ${problem}.`, {
    hint: 'Nothing was changed. Say it in another way, or use a larger model.',
  });
