import { type Approval, OspainError, type Trust } from '../../protocol/index.ts';
import type { Approvals, Question } from '../approvals/approvals.ts';
import { type Deed, decide } from '../approvals/decide.ts';
import type { RuleBook } from '../approvals/ruleBook.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Attempt } from '../tasks/kind.ts';
import type { Move } from './conversation.ts';
import { renderCall } from './format.ts';
import type { Overlay } from './overlay.ts';
import type { Mark } from './past.ts';
import { right, type ToolResult, wrong } from './tools/tool.ts';
import { shown } from './workspacePaths.ts';

/** What decides about the calls of a workspace's tasks. */
export interface Guard {
  approvals: Approvals;
  rules: Pick<RuleBook, 'of'>;
  secrets: Secrets;
  trust(): Trust;
  /** Absolute path of the workspace. */
  root: string;
}

/** A call that may be made, and whether a person has agreed that it reaches beyond the task's own view of the workspace. */
export type Passed = { agreed: boolean };

interface AtGate {
  attempt: Attempt;
  overlay: Overlay;
  guard: Guard;
  turn: number;
  /** What the log has of this call. */
  mark: Mark | undefined;
}

/**
 * Between a call that was decided and its run: lets it pass, answers it in its place, or parks the task until a person has
 * answered, which throws `parked`. A call that acts passes once: `begun` is in the log before it runs, so one whose result
 * was lost with its server is asked about, never repeated. What a person answered is used by the run that goes on behind it.
 */
export async function pass(move: Extract<Move, { does: 'work' }>, at: AtGate): Promise<Passed | ToolResult> {
  const { attempt, guard, turn, mark } = at;
  const { tool, made } = move;
  const deed = await deedOf(move, at.overlay);
  const { rules, problems } = guard.rules.of(attempt.task);
  const around = { level: attempt.task.autoAccept, rules, problems, trust: guard.trust(), root: guard.root };
  const decision = decide(deed, around);
  if (decision.does === 'refuse') return wrong(decision.why);
  const passed = (why: string): Passed => {
    if (tool.effect === 'act') attempt.emit('begun', { turn, why });
    return { agreed: deed.command?.sandboxed !== true };
  };

  const ask = (reasons: readonly string[], { kind, rules }: Pick<Question, 'kind' | 'rules'>): never => {
    const asked = kind === 'question' ? String(made.call['question'] ?? '') : renderCall(made.call);
    const text = deed.command?.line ?? asked;
    return parkFor(at, { kind, rules, tool: tool.name, summary: made.words.what, text, reasons: [...reasons] });
  };

  if (mark === 'begun') return ask([INTERRUPTED, ...reasonsOf(decision)], { kind: 'call', rules: [] });
  if (mark !== undefined) {
    const { status, answer } = answerTo(mark.approval, made.words.what, at);
    if (status === 'allowed') return passed('allowed by a person');
    if (status === 'answered') return right(answer ?? '');
    if (status === 'denied')
      return wrong(
        `the person did not ${tool.effect === 'ask' ? 'answer' : 'allow this'}${answer === null ? '' : `: ${answer}`}`,
      );
    // Dropped with an end of the task that a person has taken back: asked anew.
  }
  if (tool.effect === 'ask') return ask([], { kind: 'question', rules: [] });
  return decision.does === 'run'
    ? passed(decision.why)
    : ask(decision.reasons, { kind: 'call', rules: [...decision.rules] });
}

/**
 * What a person says to a model that goes nowhere: the task parks with the reason until they do. Throws that reason where
 * they give it up instead.
 */
export function unstick({ error, made }: Extract<Move, { does: 'stuck' }>, at: AtGate): ToolResult {
  const { mark } = at;
  const summary = 'how to go on';
  if (mark !== undefined && mark !== 'begun') {
    const { status, answer } = answerTo(mark.approval, summary, at);
    if (status === 'answered') return right(`the person says: ${answer ?? ''}`);
    if (status === 'denied') throw error;
  }
  const reasons = [
    'What you answer is told to the model; without an answer that it can use, the task is better given up.',
  ];
  return parkFor(at, {
    kind: 'question',
    rules: [],
    tool: made?.call.tool ?? '',
    summary,
    text: error.message,
    reasons,
  });
}

/** Puts a question and parks the task, in one transaction; throws `parked`. */
function parkFor({ attempt, guard, turn }: AtGate, question: Question): never {
  const kind = question.kind === 'question' ? 'answer' : 'approval';
  attempt.park(`waits for your ${kind}: ${question.summary}`, () => {
    const { id, summary } = guard.approvals.ask(attempt.task, turn, question);
    attempt.emit('approval', { id, turn, status: 'asked', summary });
    return true;
  });
  throw new OspainError('internal', 'A task that asked goes on.');
}

/** What became of a question; parks the task again while nobody has answered. Answered in this very moment it goes on. */
function answerTo(id: number, what: string, { attempt, guard }: AtGate): Approval {
  const isOpen = () => guard.approvals.show(id).status === 'open';
  if (isOpen()) attempt.park(`waits for your answer: ${what}`, isOpen);
  return guard.approvals.show(id);
}

const INTERRUPTED = 'It was begun before and interrupted: nobody knows how far it came.';

const reasonsOf = (decision: ReturnType<typeof decide>): readonly string[] =>
  decision.does === 'ask' ? decision.reasons : [];

/** What rules see of a call: paths as the workspace knows them, so that one file has one name. */
export async function deedOf(
  { tool, made: { call } }: Extract<Move, { does: 'work' }>,
  overlay: Overlay,
): Promise<Deed> {
  const about = await tool.about?.(call);
  const named = about?.paths ?? [call['path'], call['from'], call['to']].filter((value) => typeof value === 'string');
  const paths = named.map((path) => {
    try {
      return overlay.find(path).path;
    } catch {
      // The tool itself says what is wrong with it.
      return shown(path);
    }
  });
  return { tool: tool.name, effect: tool.effect, ...about, paths };
}
