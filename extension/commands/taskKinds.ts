import type { TaskKind } from '../../protocol/tasks.ts';

/** How each kind of task is offered to the person. */
export const taskKinds: Readonly<Record<TaskKind, { title: string; verb: string; example: string; icon: string }>> = {
  agent: {
    title: 'change files',
    verb: 'Change files',
    example: 'Change RETRY_MAX to 5 in src/limits.ts',
    icon: 'edit',
  },
  ask: {
    title: 'answer a question',
    verb: 'Answer a question',
    example: 'What does clampRate do?',
    icon: 'comment-discussion',
  },
  plan: {
    title: 'make a plan',
    verb: 'Make a plan',
    example: 'Add a cache to loadUser',
    icon: 'list-ordered',
  },
  tag: {
    title: 'tag a note',
    verb: 'Tag a note',
    example: 'Orders fail at midnight when the cache is empty',
    icon: 'tag',
  },
};
