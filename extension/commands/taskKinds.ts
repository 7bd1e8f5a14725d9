import type { TaskKind } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';

/** How each kind of task is offered to the person. */
export const taskKinds = (): Readonly<
  Record<TaskKind, { title: string; verb: string; example: string; icon: string }>
> => ({
  agent: {
    title: t('change files'),
    verb: t('Change files'),
    example: t('Change RETRY_MAX to 5 in src/limits.ts'),
    icon: 'edit',
  },
  ask: {
    title: t('answer a question'),
    verb: t('Answer a question'),
    example: t('What does clampRate do?'),
    icon: 'comment-discussion',
  },
  plan: {
    title: t('make a plan'),
    verb: t('Make a plan'),
    example: t('Add a cache to loadUser'),
    icon: 'list-ordered',
  },
  tag: {
    title: t('tag a note'),
    verb: t('Tag a note'),
    example: t('Orders fail at midnight when the cache is empty'),
    icon: 'tag',
  },
});
