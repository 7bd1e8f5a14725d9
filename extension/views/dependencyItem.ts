import { oneLine } from '../../protocol/quantities.ts';
import type { OnFailure, Task } from '../../protocol/tasks.ts';
import { elseWords } from '../../protocol/taskWords.ts';
import { escapeMarkdown } from './markdown.ts';
import type { Look } from './treeItem.ts';

/** A task that another one waits for, as a row below that one. */
export function dependencyLook({ number, instruction, status, dead }: Task, onFailure: OnFailure): Look {
  const state = dead ? 'dead letter' : status;
  const text = oneLine(instruction, 80);
  return {
    label: `after #${number} ${text}`,
    description: `${state} · ${elseWords[onFailure]}`,
    icon: { id: status === 'done' ? 'pass' : 'arrow-up' },
    tooltip: `Starts after **task ${number}**, which is ${state} and ${elseWords[onFailure]}\n\n${escapeMarkdown(oneLine(instruction, 400))}`,
    spoken: `Starts after task ${number}, ${state}: ${text}. It ${elseWords[onFailure]}`,
    contextValue: 'dependency',
  };
}
