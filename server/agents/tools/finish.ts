import type { Form } from '../format.ts';

const OUTCOMES = ['done', 'failed', 'blocked'] as const;

/** The call that ends a task: nothing is run for it. */
export const finish: Form<{ outcome: typeof OUTCOMES }, 'text'> = {
  name: 'finish',
  header: { outcome: OUTCOMES },
  body: 'text',
  example: { outcome: 'done', body: 'Changed RETRY_MAX to 5.' },
  does: 'ends the task: done, failed or blocked, then one or two sentences for the person.',
  words: ({ outcome }) => ({ doing: 'finishing', what: `finish: ${outcome}` }),
};
