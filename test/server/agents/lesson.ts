import type { TaskContext } from '../../../protocol/index.ts';

/** The first turn of a lesson as a task is submitted: what the person looks at stands below the instruction, and apart in a task. */
export function asSubmitted(turn: string): [instruction: string, context: TaskContext | null] {
  const [instruction = '', path] = turn.split(/\n\nThe person is looking at ([^\s,]+?)(?:\.$|, at this text:)/);
  return [instruction, path === undefined ? null : { path }];
}
