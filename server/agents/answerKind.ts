import type { z } from 'zod';
import { OspainError, type Task } from '../../protocol/index.ts';
import type { Engine, Grammar, ModelInfo, Turn } from '../inference/engine.ts';
import type { Attempt, Kind } from '../tasks/kind.ts';
import type { Earlier } from './earlierTurns.ts';
import type { Guard } from './gate.ts';
import { answerTokens, assertFits, takeTurn } from './modelTurn.ts';
import { readPast } from './past.ts';

/** What a kind that takes one model turn says to it, and how its answer is read. */
export interface Asked {
  system: string;
  /** Throws when there is nothing to ask. Not called for a question that was answered already: files may be gone since. */
  turn(): string | Promise<string>;
  /** What was said in a chat before. */
  earlier?: Earlier;
  grammar?: Grammar;
  /** Throws for an answer that is not what was asked for. */
  read(text: string, attempt: Attempt): string;
}

/** What every kind of one turn needs. */
export interface AnswerDeps {
  engine: Engine;
  guard: Pick<Guard, 'secrets'>;
}

export function createAnswerKind(
  name: Kind['name'],
  { engine, guard }: AnswerDeps,
  ask: (task: Task, info: ModelInfo, signal: AbortSignal) => Asked,
): Kind {
  return {
    name,
    async run(attempt: Attempt) {
      const info = engine.describe(attempt.task.model);
      const { system, turn, earlier, grammar, read } = ask(attempt.task, info, attempt.signal);
      const maxTokens = answerTokens(info);
      const hide = (text: string) => guard.secrets.hide(text, { task: attempt.task, from: 'question' });
      const question = async (): Promise<Turn> => {
        const text = await turn();
        const before = earlier?.turns.map((said) => said.text).join('') ?? '';
        assertFits(before + text, info, 'The question with its text');
        attempt.progress('answering');
        return { role: 'user', text };
      };
      const answer =
        readPast(attempt.history).turns.get(1)?.answer ??
        (await takeTurn({
          engine,
          attempt,
          turn: 1,
          system,
          turns: await Promise.all(
            [...(earlier?.turns ?? []), await question()].map(async (said) => ({
              ...said,
              text: await hide(said.text),
            })),
          ),
          ...(grammar ? { grammar } : {}),
          maxTokens,
        }));
      const text = answer.text.trim();
      if (text === '') throw badAnswer('it is empty');
      if (answer.stop === 'maxTokens' && grammar) throw badAnswer(`it did not end within ${maxTokens} tokens`);
      const cut = answer.stop === 'maxTokens' ? `\n(cut off after ${maxTokens} tokens)` : '';
      return read(text, attempt) + cut + (earlier?.remark ?? '');
    },
  };
}

/** Reads what a grammar held; throws `bad_answer`. */
export function parsed<T>(text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badAnswer('it is not JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw badAnswer('it has not the form that was asked for');
}

const badAnswer = (why: string): OspainError =>
  new OspainError('bad_answer', `The model’s answer could not be used: ${why}.`, {
    hint: 'Try again, or with a larger model.',
  });
