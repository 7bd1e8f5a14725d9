import type { Editor } from '../../protocol/index.ts';
import type { Answer, Engine, ModelInfo, Turn } from '../inference/engine.ts';
import { addsPlaceholder } from '../secrets/redaction.ts';
import type { Syntax } from '../syntax/syntax.ts';
import type { Attempt } from '../tasks/kind.ts';
import { type Briefing, brief, plainBriefing } from './briefing.ts';
import { assertTurnsLeft, beginWith, decide, type Move, proceed } from './conversation.ts';
import type { Drafts } from './drafts.ts';
import { renderCall } from './format.ts';
import { deedOf, type Guard, pass, unstick } from './gate.ts';
import { callGrammar, SUMMARY_GRAMMAR } from './grammar.ts';
import { answerTokens, charactersIn, takeTurn, tokensOf } from './modelTurn.ts';
import type { Overlay } from './overlay.ts';
import type { Mark, Past } from './past.ts';
import { systemText } from './prompts.ts';
import { isFull, summarised, summaryTurns } from './summary.ts';
import { type Request, requestTurn } from './taught.ts';
import { isAsked } from './taughtEdit.ts';
import { createLiveOutput } from './tools/liveOutput.ts';
import { runTool, type Tool, type ToolResult, wrong } from './tools/tool.ts';
import { formsInSight, formsOf, toolsOf } from './tools/toolSet.ts';

export interface Work {
  engine: Engine;
  attempt: Attempt;
  info: ModelInfo;
  past: Past;
  drafts: Drafts;
  /** What was said before, when the task is a turn of a chat. */
  earlier?: readonly Turn[];
  overlay: Overlay;
  syntax: Syntax;
  editor: Editor | undefined;
  /** What the embedded model was asked for, when it is the model. */
  request: Request | undefined;
  /** `plan` changes nothing. */
  mode: 'plan' | 'act';
  /** What is wrong with what the model says in the end; undefined when nothing is. */
  problemOf?: (said: string) => string | undefined;
  /** Tools besides those of the workspace itself. */
  also: readonly Tool[];
  guard: Guard;
  /** That the model may think before each call; 0 for none. */
  thinkingTokens: number;
}

/**
 * The loop: resolves with what the model says in the end, when it says that it is done. What the log has of a turn is
 * taken from there, and only what is missing is done: a run that was interrupted goes the same way as any other.
 */
export async function work({ engine, past, drafts, ...work }: Work): Promise<string> {
  const { attempt, info } = work;
  const maxTokens = answerTokens(info);
  const tools = toolsOf(info.profile, { mode: work.mode, also: work.also });
  const grammar = { gbnf: callGrammar(info.profile, formsOf(tools)) };
  const { rules, text } = await briefingOf({ ...work, past });
  const system = systemText(info.profile, formsInSight(tools), rules, work.mode);
  // An edit repeats the file. To the embedded model a guess costs more than a token.
  const repeats = info.profile !== 'tiny';
  const thinkingTokens = info.profile === 'tiny' ? 0 : work.thinkingTokens;
  let now = beginWith(text, work.earlier);
  for (;;) {
    assertTurnsLeft(now);
    const { turn } = now;
    const before = past.turns.get(turn);
    // The embedded model was never taught to sum up; its tasks are short.
    if (info.profile !== 'tiny' && (before?.isSummary ?? isFull(now, { ...info, maxTokens }))) {
      attempt.progress('summing up what was done so far');
      const turns = summaryTurns(now.turns);
      const asked = { turn, system, turns, grammar: { gbnf: SUMMARY_GRAMMAR }, maxTokens, isSummary: true };
      now = summarised(now, before?.answer ?? (await takeTurn({ engine, attempt, ...asked })));
      continue;
    }
    const answer =
      before?.answer ??
      (await takeTurn({
        engine,
        attempt,
        turn,
        system,
        turns: now.turns,
        grammar,
        maxTokens,
        repeats,
        thinkingTokens,
      }));
    const move = decide(now, answer, { tools, maxTokens, problemOf: work.problemOf });
    if (move.made && !before?.called) {
      const { call, words } = move.made;
      attempt.progress(`${words.doing} · ${percentOf(answer, info)} % of the context`);
      attempt.emit('call', { turn, tool: call.tool, summary: words.what });
    }
    if (move.does === 'end') return move.said;
    // The embedded model knows its own few requests: nothing that a person adds would help it.
    if (move.does === 'fail' || (move.does === 'stuck' && info.profile === 'tiny')) throw move.error;
    let result = before?.result;
    if (!result) {
      const at = { ...work, turn, mark: before?.mark, answer, maxTokens };
      result = await resultOf(move, at);
      record(turn, result, { attempt, drafts });
    }
    now = proceed(now, answer, move, result);
  }
}

/** An edit and the event that says so are kept together or not at all. */
function record(turn: number, { ok, text, edited }: ToolResult, { attempt, drafts }: Pick<Work, 'attempt' | 'drafts'>) {
  const tell = () => attempt.emit('result', { turn, ok, text });
  if (edited) {
    attempt.write(() => {
      for (const file of edited) drafts.add(attempt.task, { turn, ...file });
      tell();
    });
  } else tell();
}

/** What the model is told first: what it was told already, when the run goes on. */
async function briefingOf({
  attempt,
  info,
  past,
  request,
  ...rest
}: Omit<Work, 'engine' | 'drafts'>): Promise<Briefing> {
  // The embedded model hears its own few requests only.
  if (request) return { rules: '', text: requestTurn(request), sources: [] };
  if (past.turns.size > 0) return past.briefing ?? plainBriefing(attempt.task);
  const { overlay, syntax, editor } = rest;
  const briefing = await brief(attempt.task, info, { overlay, syntax, editor, signal: attempt.signal });
  const hide = (text: string) => rest.guard.secrets.hide(text, { task: attempt.task, from: 'briefing' });
  const told = { ...briefing, rules: await hide(briefing.rules), text: await hide(briefing.text) };
  // Where it is not what follows from the task alone, a run that goes on later needs the very same.
  if (told.sources.length > 0 || told.text !== briefing.text) attempt.emit('told', told);
  return told;
}

/** How much of its context the model has taken up. */
function percentOf(answer: Answer, { contextLength }: ModelInfo): number {
  return Math.round((100 * tokensOf(answer)) / contextLength);
}

interface Answering extends Pick<Work, 'attempt' | 'info' | 'overlay' | 'syntax' | 'editor' | 'request' | 'guard'> {
  turn: number;
  mark: Mark | undefined;
  answer: Answer;
  maxTokens: number;
}

function resultOf(move: Exclude<Move, { does: 'end' | 'fail' }>, at: Answering): ToolResult | Promise<ToolResult> {
  switch (move.does) {
    case 'work':
      return answerCall(move, at);
    case 'tell':
      return wrong(move.problem);
    case 'stuck':
      return unstick(move, at);
  }
}

async function answerCall(
  move: Extract<Move, { does: 'work' }>,
  { attempt, info, overlay, syntax, editor, request, guard, turn, mark, answer, maxTokens }: Answering,
): Promise<ToolResult> {
  const { tool, made } = move;
  // Room for the next answer stays free.
  const room = charactersIn(info.contextLength - tokensOf(answer) - maxTokens);
  const passed = await pass(move, { attempt, overlay, guard, turn, mark });
  if ('ok' in passed) return oneLine(passed);
  if (tool.effect === 'edit' && addsPlaceholder('', renderCall(made.call))) return wrong(HIDDEN);
  const { paths } = await deedOf(move, overlay);
  const hide = (text: string) => guard.secrets.hide(text, { task: attempt.task, from: tool.name, paths });
  const live = createLiveOutput((text) => attempt.emit('output', { turn, text }), { now: Date.now, hide });
  const result = await runTool(tool, made.call, {
    overlay,
    room,
    signal: attempt.signal,
    agreed: passed.agreed,
    tell: live.tell,
    syntax,
    editor,
    ...(request ? { isAsked: (edit) => isAsked(request, edit) } : {}),
  });
  await live.end();
  return oneLine({ ...result, text: await hide(result.text) });
}

const HIDDEN =
  'a line of this holds the mark of a secret that you are not shown, and it would be written in the secret’s place: leave such lines out of the edit, and change others';

/** An answer of more than one line would end the model's reading of what is wrong. */
const oneLine = (result: ToolResult): ToolResult =>
  result.ok ? result : { ok: false, text: result.text.replace(/\s*\n\s*/g, ' ') };
