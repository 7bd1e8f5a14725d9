import type { KeyState } from '../protocol/keys.ts';
import { waitsForReview } from '../protocol/taskList.ts';
import type { Task } from '../protocol/tasks.ts';
import { plural, t } from '../protocol/words.ts';
import type { ConnectionState } from './connection.ts';
import { problemText } from './problem.ts';

export interface StatusText {
  /** With `$(icon)` marks of VS Code. */
  readonly text: string;
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly spoken: string;
  readonly failed: boolean;
}

/** The one line that tells how OSPAiN2 is doing: what is wrong first, then what runs, then what waits for the person. */
export function statusText(
  state: ConnectionState,
  tasks: readonly Task[],
  warnings: readonly string[],
  paused: boolean,
  keys: KeyState = 'open',
): StatusText {
  if (state.name === 'failed')
    return look('error', 'OSPAiN2', t('OSPAiN2 cannot work: {0}', problemText(state.problem)), true);
  if (state.name === 'waiting' || state.name === 'starting')
    return look('loading~spin', 'OSPAiN2', t('OSPAiN2 is starting'));
  if (keys === 'locked') return look('lock', t('OSPAiN2: locked'), t('OSPAiN2 is locked: it waits for its passphrase'));
  if (keys === 'missing') return look('error', 'OSPAiN2', t('OSPAiN2 cannot find its root secret'), true);
  const running = tasks.filter(({ status }) => status === 'running').length;
  const waiting = tasks.filter(({ status }) => WAITING.includes(status)).length;
  const review = tasks.filter(waitsForReview).length;
  const facts = [
    ...(paused ? [t('the queue is paused')] : []),
    ...(running > 0 ? [plural('{0} task running|{0} tasks running', running)] : []),
    ...(waiting > 0 ? [plural('{0} task waiting|{0} tasks waiting', waiting)] : []),
    ...(review > 0 ? [plural('{0} proposal to review|{0} proposals to review', review)] : []),
    ...warnings,
  ];
  const told = facts.length === 0 ? t('OSPAiN2 has nothing to do') : t('OSPAiN2: {0}', facts.join('; '));
  if (paused && running === 0) return look('debug-pause', t('OSPAiN2: queue paused'), told);
  if (running + waiting > 0)
    return look(
      'sync~spin',
      running > 0 ? t('OSPAiN2: {0} running', running) : t('OSPAiN2: {0} waiting', waiting),
      told,
    );
  if (review > 0) return look('git-pull-request', t('OSPAiN2: {0} to review', review), told);
  return look(warnings.length > 0 ? 'warning' : 'circle-outline', 'OSPAiN2', told);
}

/** What goes on by itself; a paused task waits for the person. */
const WAITING: readonly Task['status'][] = ['pending', 'delayed', 'blocked'];

const look = (icon: string, text: string, told: string, failed = false): StatusText => ({
  text: `$(${icon}) ${text}`,
  tooltip: told,
  spoken: told,
  failed,
});
