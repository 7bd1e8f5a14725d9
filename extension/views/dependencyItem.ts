import { oneLine } from '../../protocol/quantities.ts';
import type { OnFailure, Task } from '../../protocol/tasks.ts';
import { elseWord, statusWord } from '../../protocol/taskWords.ts';
import { t } from '../../protocol/words.ts';
import { escapeMarkdown } from './markdown.ts';
import type { Look } from './treeItem.ts';

/** A task that another one waits for, as a row below that one. */
export function dependencyLook({ number, instruction, status, dead }: Task, onFailure: OnFailure): Look {
  const state = dead ? t('dead letter') : statusWord(status);
  const text = oneLine(instruction, 80);
  return {
    label: t('after #{0} {1}', number, text),
    description: `${state} · ${elseWord(onFailure)}`,
    icon: { id: status === 'done' ? 'pass' : 'arrow-up' },
    tooltip: `${t('Starts after **task {0}**, which is {1} and {2}', number, state, elseWord(onFailure))}\n\n${escapeMarkdown(oneLine(instruction, 400))}`,
    spoken: t('Starts after task {0}, {1}: {2}. It {3}', number, state, text, elseWord(onFailure)),
    contextValue: 'dependency',
  };
}
