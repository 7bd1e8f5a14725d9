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

/** The same where nothing is changed, only planned. */
export const finishPlan: typeof finish = {
  ...finish,
  example: {
    outcome: 'done',
    body: '1. Keep what load() returns in src/parser.ts, for one minute\n2. Test that in test/parser.test.ts (after 1)',
  },
  does: 'ends with the plan: 2 to 8 numbered parts, one line each. Whoever does a part sees only its line and the files, so it names the files that it is about; (after 1, 2) names parts that must be done before it. If there is nothing to plan, finish with failed.',
};
