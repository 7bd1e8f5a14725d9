import { counted } from '../protocol/quantities.ts';
import { waitsForReview } from '../protocol/taskList.ts';
import type { Task } from '../protocol/tasks.ts';
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
): StatusText {
  if (state.name === 'failed') return look('error', 'OSPAiN2', `cannot work: ${problemText(state.problem)}`, true);
  if (state.name === 'waiting' || state.name === 'starting') return look('loading~spin', 'OSPAiN2', 'is starting');
  const running = tasks.filter(({ status }) => status === 'running').length;
  const waiting = tasks.filter(({ status }) => WAITING.includes(status)).length;
  const review = tasks.filter(waitsForReview).length;
  const facts = [
    ...(paused ? ['the queue is paused'] : []),
    ...(running > 0 ? [`${counted(running, 'task')} running`] : []),
    ...(waiting > 0 ? [`${counted(waiting, 'task')} waiting`] : []),
    ...(review > 0 ? [`${counted(review, 'proposal')} to review`] : []),
    ...warnings,
  ];
  const told = facts.length === 0 ? 'has nothing to do' : facts.join('; ');
  if (paused && running === 0) return look('debug-pause', 'OSPAiN2: queue paused', told);
  if (running + waiting > 0)
    return look('sync~spin', `OSPAiN2: ${running > 0 ? `${running} running` : `${waiting} waiting`}`, told);
  if (review > 0) return look('git-pull-request', `OSPAiN2: ${review} to review`, told);
  return look(warnings.length > 0 ? 'warning' : 'circle-outline', 'OSPAiN2', told);
}

/** What goes on by itself; a paused task waits for the person. */
const WAITING: readonly Task['status'][] = ['pending', 'delayed', 'blocked'];

const look = (icon: string, text: string, told: string, failed = false): StatusText => ({
  text: `$(${icon}) ${text}`,
  tooltip: `OSPAiN2 ${told}`,
  spoken: `OSPAiN2 ${told}`,
  failed,
});
