import { z } from 'zod';
import { OspainError, type Task } from '../../protocol/index.ts';
import type { Engine, Grammar, ModelInfo, Turn } from '../inference/engine.ts';
import type { Attempt, Kind } from '../tasks/kind.ts';
import { planGrammar, tagGrammar } from './grammar.ts';
import { answerTokens, assertFits, takeTurn } from './modelTurn.ts';
import { createOverlay } from './overlay.ts';
import { readPast } from './past.ts';
import { answerSystemText, askTurn, planSystemText, planTurn, readResult, tagSystemText, tagTurn } from './prompts.ts';
import { plainRequest, takePath } from './sentence.ts';
import { questionTurn, taughtGoal, taughtNote, taughtQuestion } from './taught.ts';
import { shown } from './workspacePaths.ts';

interface AnswerDeps {
  engine: Engine;
  /** Real path of the workspace. */
  root: string;
}

/** What a kind that takes one model turn says to it, and how its answer is read. */
interface Asked {
  system: string;
  /** Throws when there is nothing to ask. Not called for a question that was answered already: files may be gone since. */
  turn(): string;
  grammar?: Grammar;
  /** Throws for an answer that is not what was asked for. */
  read(text: string): string;
}

function createAnswerKind(name: Kind['name'], engine: Engine, ask: (task: Task, info: ModelInfo) => Asked): Kind {
  return {
    name,
    async run(attempt: Attempt) {
      const info = engine.describe(attempt.task.model);
      const { system, turn, grammar, read } = ask(attempt.task, info);
      const maxTokens = answerTokens(info);
      const question = (): Turn => {
        const text = turn();
        assertFits(text, info, 'The question with its text');
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
          turns: [question()],
          ...(grammar ? { grammar } : {}),
          maxTokens,
        }));
      const text = answer.text.trim();
      if (text === '') throw badAnswer('it is empty');
      if (answer.stop === 'maxTokens' && grammar) throw badAnswer(`it did not end within ${maxTokens} tokens`);
      return read(text) + (answer.stop === 'maxTokens' ? `\n(cut off after ${maxTokens} tokens)` : '');
    },
  };
}

/** A question about a selection, a file that it names, or nothing in particular. */
export function createAskKind({ engine, root }: AnswerDeps): Kind {
  return createAnswerKind('ask', engine, ({ instruction, context }, { profile }) => {
    const system = answerSystemText(profile);
    const read = (text: string) => text;
    const turn = () => (profile === 'tiny' ? tinyQuestion : plainQuestion)({ root, instruction, context });
    return { system, turn, read };
  });
}

interface Question extends Pick<Task, 'instruction' | 'context'> {
  root: string;
}

function plainQuestion({ root, instruction, context }: Question): string {
  const path = context?.path ?? takePath(plainRequest(instruction))?.path;
  const text = context?.text ?? (path === undefined ? undefined : fileText(root, path, context === null));
  const shownText = text === undefined || path === undefined ? '' : `${shown(path)}:\n${text}`;
  return askTurn({ question: instruction, text: shownText });
}

/** The embedded model is given the file that it is asked about. */
function tinyQuestion({ root, instruction, context }: Question): string {
  const { name, path: named } = taughtQuestion(instruction);
  const path = named ?? context?.path;
  const selected = named === undefined || named === context?.path ? context?.text : undefined;
  const text = selected ?? (path === undefined ? undefined : fileText(root, path));
  if (text !== undefined) return askTurn({ question: questionTurn({ name, path, text }), text });
  throw new OspainError('not_taught', `The embedded model answers from a file: say in which one ${name} is.`, {
    hint: `For example: What does ${name} in src/orders.ts do?`,
  });
}

/** A file as a model reads it. With `optional` a path that is no file of the workspace is just a word of the question. */
function fileText(root: string, named: string, optional = false): string | undefined {
  const overlay = createOverlay(root);
  try {
    const place = overlay.find(named);
    const content = place.is === 'folder' ? null : overlay.read(place);
    if (content !== null) return readResult(content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
  } catch (thrown) {
    if (optional) return undefined;
    throw thrown;
  }
  if (optional) return undefined;
  throw new OspainError('not_found', `There is no file ${shown(named)}.`);
}

const Steps = z.array(z.string().trim().min(1)).min(1);

export function createPlanKind({ engine }: AnswerDeps): Kind {
  return createAnswerKind('plan', engine, ({ instruction }, { profile }) => {
    const goal = instruction
      .trim()
      .replace(/^(?:please\s+)?(?:make (?:me )?a plan(?: to| for)?|plan(?: this| how to| to)?)\b:?\s*/i, '');
    return {
      system: planSystemText(profile),
      turn: () => (profile === 'tiny' ? taughtGoal(goal) : planTurn(goal)),
      grammar: { gbnf: planGrammar(profile) },
      read: (text) =>
        parsed(text, Steps)
          .map((step, index) => `${index + 1}. ${step}`)
          .join('\n'),
    };
  });
}

const Tags = z.object({ tags: z.array(z.string()).min(1), horizon: z.enum(['now', 'next', 'later', 'someday']) });

export function createTagKind({ engine }: AnswerDeps): Kind {
  return createAnswerKind('tag', engine, ({ instruction }, { profile }) => {
    const note = instruction.trim().replace(/^(?:please\s+)?tag(?:\s+this)?(?:\s+note)?:\s*/i, '');
    return {
      system: tagSystemText(profile),
      turn: () => (profile === 'tiny' ? taughtNote(note) : tagTurn(note)),
      grammar: { gbnf: tagGrammar(profile) },
      read(text) {
        const { tags, horizon } = parsed(text, Tags);
        return `tags: ${[...new Set(tags)].join(', ')} · horizon: ${horizon}`;
      },
    };
  });
}

function parsed<T>(text: string, schema: z.ZodType<T>): T {
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
