import { z } from 'zod';
import { type Editor, OspainError, type Task } from '../../protocol/index.ts';
import type { Syntax } from '../syntax/syntax.ts';
import type { Kind } from '../tasks/kind.ts';
import { type AnswerDeps, createAnswerKind, parsed } from './answerKind.ts';
import { earlierTurns, type FindTask } from './earlierTurns.ts';
import { tagGrammar } from './grammar.ts';
import { mentionsIn } from './mentions.ts';
import { shareOf } from './modelTurn.ts';
import { createOverlay } from './overlay.ts';
import { answerSystemText, askTurn, mentionedBlock, readResult, tagSystemText, tagTurn } from './prompts.ts';
import { plainRequest, takePath } from './sentence.ts';
import { questionTurn, taughtNote, taughtQuestion } from './taught.ts';
import { shown } from './workspacePaths.ts';

export interface AnswerKindDeps extends AnswerDeps {
  /** Real path of the workspace. */
  root: string;
  findTask: FindTask;
  syntax: Syntax;
  /** The editor that started the server, if one did. */
  editor?: Editor | undefined;
}

/** A question about a selection, a file that it names, or nothing in particular. */
export function createAskKind({ engine, guard, root, findTask, syntax, editor }: AnswerKindDeps): Kind {
  return createAnswerKind('ask', { engine, guard }, (task, info, signal) => {
    const asked = { root, instruction: task.instruction, context: task.context };
    const question = (before: Task) =>
      before.kind === 'ask' ? plainQuestion({ root, ...before }) : before.instruction;
    const around = { overlay: createOverlay(root), syntax, editor, signal, room: shareOf(info, 1) };
    const plain = async () => plainQuestion(asked) + mentionedBlock(await mentionsIn(asked, around), []);
    return {
      system: answerSystemText(info.profile),
      turn: () => (info.profile === 'tiny' ? tinyQuestion(asked) : plain()),
      earlier: earlierTurns(task, info, { find: findTask, question, answer: ({ result }) => result ?? '' }),
      read: (text) => text,
    };
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

const Tags = z.object({ tags: z.array(z.string()).min(1), horizon: z.enum(['now', 'next', 'later', 'someday']) });

export function createTagKind({ engine, guard }: AnswerDeps): Kind {
  return createAnswerKind('tag', { engine, guard }, ({ instruction }, { profile }) => {
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
