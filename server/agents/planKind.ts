import { z } from 'zod';
import { OspainError, type PlanPart, parsePlan, type Task } from '../../protocol/index.ts';
import type { Attempt, Kind } from '../tasks/kind.ts';
import type { AgentDeps } from './agentKind.ts';
import { createAnswerKind, parsed } from './answerKind.ts';
import { PLAN_GRAMMAR } from './grammar.ts';
import { createOverlay } from './overlay.ts';
import { readPast } from './past.ts';
import type { Plans } from './plans.ts';
import { TINY } from './prompts.ts';
import { taughtGoal } from './taught.ts';
import { work } from './work.ts';

type PlanDeps = AgentDeps & { plans: Plans };

/** Breaks a goal into parts, which a person edits and starts. */
export function createPlanKind(deps: PlanDeps): Kind {
  const { engine, plans } = deps;
  const keep = (attempt: Attempt, task: Task, parts: readonly PlanPart[]): string => {
    attempt.write(() => plans.put(task, parts));
    return parts.map(({ instruction }, index) => `${index + 1}. ${instruction}`).join('\n');
  };
  const taught = createAnswerKind('plan', deps, (task) => ({
    system: TINY,
    turn: () => taughtGoal(goalOf(task)),
    grammar: { gbnf: PLAN_GRAMMAR },
    read: (text, attempt) => keep(attempt, task, inOrder(parsed(text, Sentences))),
  }));
  return {
    name: 'plan',
    async run(attempt) {
      const { task } = attempt;
      if (engine.describe(task.model).profile === 'tiny') return taught.run(attempt);
      return keep(attempt, task, partsOf(await lookAround(attempt, deps)));
    },
  };
}

/** An agent that changes nothing: its last word is the plan. */
async function lookAround(
  attempt: Attempt,
  { engine, proposals, root, also, guard, syntax, editor, thinkingTokens }: PlanDeps,
): Promise<string> {
  return work({
    ...{ engine, attempt, guard, syntax, editor, thinkingTokens, drafts: proposals.drafts },
    mode: 'plan',
    problemOf: problemOfPlan,
    info: engine.describe(attempt.task.model),
    past: readPast(attempt.history),
    overlay: createOverlay(root),
    request: undefined,
    also: (await also?.()) ?? [],
  });
}

/** The numbered lines; models like to say a sentence before them. */
function partsOf(said: string): PlanPart[] {
  const begin = said.search(/^\s*1[.)]\s/m);
  return parsePlan(begin < 0 ? said : said.slice(begin).trimStart());
}

function problemOfPlan(said: string): string | undefined {
  try {
    return partsOf(said).length > 0 ? undefined : 'the plan has no numbered parts, such as "1. Add a test"';
  } catch (thrown) {
    return OspainError.from(thrown).message;
  }
}

const goalOf = ({ instruction }: Task): string =>
  instruction
    .trim()
    .replace(/^(?:please\s+)?(?:make (?:me )?a plan(?: to| for)?|plan(?: this| how to| to)?)\b:?\s*/i, '');

const Sentences = z.array(z.string().trim().min(1)).min(1);

/** The embedded model says sentences only: each comes after the one before. */
const inOrder = (sentences: readonly string[]): PlanPart[] =>
  sentences.map((instruction, index) => ({ instruction, after: index === 0 ? [] : [index] }));
