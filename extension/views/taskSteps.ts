import type { TaskEvent } from '../../protocol/events.ts';
import { oneLine } from '../../protocol/quantities.ts';
import { t } from '../../protocol/words.ts';

export interface Step {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly spoken: string;
}

/** The last calls of a task with how each went, oldest first. */
export function lastSteps(events: readonly TaskEvent[], most: number): Step[] {
  const steps: Step[] = [];
  for (const event of events) {
    if (event.type === 'call') steps.push(look(event.data.summary, 'running', ''));
    else if (event.type === 'result') settle(steps, event.data.ok, event.data.text);
    // The call that ends a task has no result but the end itself.
    else if (event.type === 'done') settle(steps, true, '');
    else if (event.type === 'failed' || event.type === 'cancelled') settle(steps, false, '');
    else if (event.type === 'retry') {
      const { attempt, error } = event.data;
      settle(steps, false, '');
      steps.push(look(t('Attempt {0} ended', attempt), 'failed', oneLine(error.message, 80)));
    }
  }
  return steps.slice(-most);
}

/** Says how the call went that was under way, if one was. */
function settle(steps: Step[], ok: boolean, text: string): void {
  const asked = steps.at(-1);
  if (asked === undefined || asked.icon !== ICONS.running) return;
  steps[steps.length - 1] = look(asked.label, ok ? 'ok' : 'failed', ok ? '' : oneLine(text, 80));
}

const ICONS = { running: 'circle-outline', ok: 'check', failed: 'warning' } as const;
const WORDS = {
  running: () => t('under way'),
  ok: () => t('worked'),
  failed: () => t('did not work'),
} as const;

function look(label: string, state: keyof typeof ICONS, description: string): Step {
  const why = description === '' ? '' : `: ${description}`;
  return { label, description, icon: ICONS[state], spoken: `${label}, ${WORDS[state]()}${why}` };
}
