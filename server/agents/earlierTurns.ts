import type { Task } from '../../protocol/index.ts';
import type { ModelInfo, Turn } from '../inference/engine.ts';
import { shareOf } from './modelTurn.ts';

/** Finds a task by its id. */
export type FindTask = (id: string) => Task;

/** What was said in a chat before a task, as the model hears it. */
export interface Earlier {
  turns: readonly Turn[];
  /** What the person is told; empty when all of it is there. */
  remark: string;
}

/** Of the context, the share that earlier turns of a chat may take. */
const SHARE = 0.4;
/** Turns of a chat that are looked at. */
const MOST = 100;

/**
 * The questions and answers before a task, made of what is durable, so that each turn begins with the letters of the one
 * before it. The oldest that have no room are left out, and the person is told. The embedded model was not taught to hear any.
 */
export function earlierTurns(
  task: Task,
  info: ModelInfo,
  { find, question, answer }: { find: FindTask; question(task: Task): string; answer(task: Task): string },
): Earlier {
  if (info.profile === 'tiny') return { turns: [], remark: '' };
  const room = shareOf(info, SHARE);
  const turns: Turn[] = [];
  let [used, left] = [0, 0];
  for (let [id, at] = [task.continues, 0]; id !== null && at < MOST; at++) {
    const before = find(id);
    id = before.continues;
    const [asked, said] = [question(before), answer(before)];
    used += asked.length + said.length;
    if (left > 0 || used > room) left++;
    else turns.unshift({ role: 'user', text: asked }, { role: 'assistant', text: said });
  }
  const remark =
    left === 0
      ? ''
      : `\n(${left} earlier ${left === 1 ? 'turn' : 'turns'} of this chat had no room and ${left === 1 ? 'was' : 'were'} left out.)`;
  return { turns, remark };
}
