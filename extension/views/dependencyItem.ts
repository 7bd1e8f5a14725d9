import type { OnFailure, Task } from '../../protocol/tasks.ts';
import { escapeMarkdown } from './markdown.ts';
import { oneLine } from './quantities.ts';
import type { Look } from './treeItem.ts';

/** What becomes of the one that waits, in words. */
const ELSE: Readonly<Record<OnFailure, string>> = {
  cancel: 'cancels this task if it fails',
  run: 'needs to end, well or not',
  hold: 'holds this task if it fails',
};

/** A task that another one waits for, as a row below that one. */
export function dependencyLook({ number, instruction, status, dead }: Task, onFailure: OnFailure): Look {
  const state = dead ? 'dead letter' : status;
  const text = oneLine(instruction, 80);
  return {
    label: `after #${number} ${text}`,
    description: `${state} · ${ELSE[onFailure]}`,
    icon: { id: status === 'done' ? 'pass' : 'arrow-up' },
    tooltip: `Starts after **task ${number}**, which is ${state} and ${ELSE[onFailure]}\n\n${escapeMarkdown(oneLine(instruction, 400))}`,
    spoken: `Starts after task ${number}, ${state}: ${text}. It ${ELSE[onFailure]}`,
    contextValue: 'dependency',
  };
}
