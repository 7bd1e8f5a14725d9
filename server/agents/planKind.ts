import { z } from 'zod';
import type { PlanPart } from '../../protocol/index.ts';
import type { Kind } from '../tasks/kind.ts';
import { createAnswerKind, parsed } from './answerKind.ts';
import type { AnswerDeps } from './answerKinds.ts';
import { planGrammar } from './grammar.ts';
import { answerTokens, charactersIn } from './modelTurn.ts';
import { createOverlay } from './overlay.ts';
import type { Plans } from './plans.ts';
import { planSystemText, planTurn } from './prompts.ts';
import { taughtGoal } from './taught.ts';

/** Of the room that a model has for a goal, the share that the names of the workspace's files may take. */
const FILES = 1 / 4;

/** Breaks a goal into parts, which a person edits and starts. */
export function createPlanKind({ engine, root, plans }: AnswerDeps & { plans: Plans }): Kind {
  return createAnswerKind('plan', engine, (task, info) => {
    const goal = task.instruction
      .trim()
      .replace(/^(?:please\s+)?(?:make (?:me )?a plan(?: to| for)?|plan(?: this| how to| to)?)\b:?\s*/i, '');
    const isTiny = info.profile === 'tiny';
    const room = charactersIn((info.contextLength - answerTokens(info)) * FILES);
    return {
      system: planSystemText(info.profile),
      turn: async () => (isTiny ? taughtGoal(goal) : planTurn(goal, await filesOf(root, room))),
      grammar: { gbnf: planGrammar(info.profile) },
      read(text, attempt) {
        const parts = isTiny ? inOrder(parsed(text, Sentences)) : sorted(parsed(text, Parts));
        attempt.write(() => plans.put(task, parts));
        return parts.map(({ instruction }, index) => `${index + 1}. ${instruction}`).join('\n');
      },
    };
  });
}

const Sentences = z.array(z.string().trim().min(1)).min(1);
const Parts = z
  .array(z.object({ do: z.string().trim().min(1), after: z.array(z.number().int()) }))
  .min(1)
  .max(50);

/** The embedded model says sentences only: each comes after the one before. */
const inOrder = (sentences: readonly string[]): PlanPart[] =>
  sentences.map((instruction, index) => ({ instruction, after: index === 0 ? [] : [index] }));

/** What a part is to come after that is not above it cannot be meant: nothing would ever start. */
const sorted = (said: z.infer<typeof Parts>): PlanPart[] =>
  said.map(({ do: instruction, after }, index) => ({
    instruction,
    after: [...new Set(after.filter((number) => number >= 1 && number <= index))].sort((one, other) => one - other),
  }));

/** The names of the workspace's files, as many as there is room for; how many are left out is said. */
async function filesOf(root: string, room: number): Promise<string> {
  const { paths } = await createOverlay(root).list('.');
  const lines: string[] = [];
  let size = 0;
  for (const path of paths) {
    size += path.length + 1;
    if (size > room) return [...lines, `(and ${paths.length - lines.length} more)`].join('\n');
    lines.push(path);
  }
  return lines.join('\n');
}
