import { type AnyKind, TaskKind } from '../../../protocol/tasks.ts';
import { t } from '../../words.ts';

export const taskKinds = TaskKind.options;

const words: Readonly<Record<TaskKind, { readonly name: () => string; readonly example: () => string }>> = {
  agent: { name: () => t('Change files'), example: () => t('Change RETRY_MAX to 5 in src/limits.ts') },
  ask: { name: () => t('Answer a question'), example: () => t('What does clampRate do?') },
  plan: { name: () => t('Make a plan'), example: () => t('Add a cache to loadUser') },
  tag: { name: () => t('Tag a note'), example: () => t('Orders fail at midnight when the cache is empty') },
};

/** What a kind of task does, as it is offered. */
export const kindWord = (kind: AnyKind): string => (kind === 'suggest' ? t('Suggest something') : words[kind].name());
export const kindExample = (kind: TaskKind): string => words[kind].example();
