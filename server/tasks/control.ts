import { OspainError, type Step, type Task } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { EventLog } from './eventLog.ts';
import type { Graph } from './graph.ts';
import { stepsOf } from './history.ts';
import { hasEnded, type TaskRow } from './taskRow.ts';
import type { Tasks } from './tasks.ts';
import { PAUSED } from './waits.ts';

/** What a person may do with a task that is there. `wrong_state` when it makes no sense for what the task is now. */
export interface Control {
  /**
   * Ends a waiting task; asks the holder of a running one to. Its unfinished children go with it, and waiting tasks that
   * depend on it as their edges say: all in one transaction.
   */
  cancel(ref: string): Task;
  /**
   * Puts a failed or cancelled task back, with all its attempts; dead letters too. `fromStep` keeps the steps of the
   * latest run before it, 1 to one more than it has; without it the task begins anew. Tasks that were held because of it
   * wait for it again; ones that were cancelled with it have ended and stay so.
   */
  retry(ref: string, fromStep?: number): Task;
  /** Takes a waiting task out of the queue; asks a running one to stop after its step. Pausing a paused one is harmless. */
  pause(ref: string): Task;
  /** Puts a paused task back; one that is held then no longer waits for what did not succeed. */
  resume(ref: string): Task;
  /** Puts a task back that was parked and now can go on; one that waits for something else stays as it is. */
  unpark(ref: string): Task;
  /** For a task that has not ended. */
  prioritize(ref: string, priority: number): Task;
  /** The finished steps of the latest run. */
  steps(ref: string): Step[];
}

interface ControlDeps {
  db: Db;
  log: EventLog;
  tasks: Tasks;
  graph: Graph;
  commit: <T>(change: () => T) => T;
}

export function createControl({ db, log, tasks, graph, commit }: ControlDeps): Control {
  const askCancel = db.prepare<[number]>('UPDATE tasks SET cancel_asked = 1 WHERE id = ?');
  const askPause = db.prepare<[asked: number, id: number]>('UPDATE tasks SET pause_asked = ? WHERE id = ?');
  const pauseWaiting = db.prepare<[reason: string, id: number]>(
    `UPDATE tasks SET status = 'paused', held = 0, reason = ? WHERE id = ?`,
  );
  const renew = db.prepare<[number]>(
    'UPDATE tasks SET attempts = 0, not_before = 0, dead = 0, compacted = 0, result = NULL WHERE id = ?',
  );
  // A failed task has an error, so it goes only when the task is no longer one.
  const forgive = db.prepare<[number]>('UPDATE tasks SET error = NULL WHERE id = ?');
  const setPriority = db.prepare<[number, number]>('UPDATE tasks SET priority = ? WHERE id = ?');
  const dropProposal = db.prepare<[number]>(`DELETE FROM proposals WHERE task_id = ? AND status = 'open'`);

  const steps = ({ id }: TaskRow): Step[] => stepsOf(log.history(id));

  /** Changes one task, and answers it as it is then. */
  const on = (ref: string, change: (row: TaskRow) => void): Task =>
    commit(() => {
      const row = tasks.row(ref);
      change(row);
      return log.keep(tasks.read(row.id));
    });

  return {
    cancel: (ref) =>
      on(ref, ({ id, fence, status, cancel_asked }) => {
        if (hasEnded(status)) throw ended(status);
        if (status !== 'running') graph.cancel(id);
        else if (cancel_asked === 0) {
          askCancel.run(id);
          log.append(id, fence, { type: 'cancelAsked', data: {} });
          graph.cancelChildren(id);
        }
      }),
    retry: (ref, fromStep = 1) =>
      on(ref, (row) => {
        const { id, fence, status, attempts, error } = row;
        if (status !== 'failed' && status !== 'cancelled')
          throw new OspainError(
            'wrong_state',
            `Only a failed or cancelled task is tried again; this one is ${status}.`,
          );
        const kept = fromStep > 1 ? keptSteps(steps(row), fromStep) : [];
        if (!kept.some(({ kind }) => kind === 'proposal')) dropProposal.run(id);
        const why =
          status === 'failed' && error !== null
            ? JSON.parse(error)
            : new OspainError('cancelled', 'The task was cancelled.').toWire();
        log.append(id, fence, { type: 'retry', data: { attempt: attempts, error: why, delayMs: 0 } });
        if (kept.length > 0) log.append(id, fence, { type: 'resumed', data: { step: kept.length } });
        renew.run(id);
        graph.settle(id, { quiet: true });
        forgive.run(id);
        graph.revived(id);
      }),
    pause: (ref) =>
      on(ref, ({ id, fence, status, held, cancel_asked, pause_asked }) => {
        if (hasEnded(status)) throw ended(status);
        if (cancel_asked === 1) throw new OspainError('wrong_state', 'The task is being cancelled.');
        if (status === 'running') {
          if (pause_asked === 1) return;
          askPause.run(1, id);
          log.append(id, fence, { type: 'pauseAsked', data: {} });
        } else if (status !== 'paused' || held === 1) {
          pauseWaiting.run(PAUSED, id);
          graph.tell(id);
        }
      }),
    resume: (ref) =>
      on(ref, (row) => {
        const { id, fence, status, held, pause_asked } = row;
        if (status === 'running' && pause_asked === 1) {
          askPause.run(0, id);
          // The run goes on as if nobody had asked.
          log.append(id, fence, { type: 'resumed', data: { step: steps(row).length } });
          return;
        }
        if (status !== 'paused')
          throw new OspainError('wrong_state', `Only a paused task is resumed; this one is ${status}.`);
        if (held === 1) graph.waive(id);
        graph.settle(id);
      }),
    unpark: (ref) =>
      on(ref, ({ id, status, held, reason }) => {
        if (status === 'paused' && held === 0 && reason !== PAUSED) graph.settle(id);
      }),
    prioritize: (ref, priority) =>
      on(ref, ({ id, fence, status, priority: before }) => {
        if (hasEnded(status)) throw ended(status);
        if (priority === before) return;
        setPriority.run(priority, id);
        log.append(id, fence, { type: 'prioritized', data: { priority } });
      }),
    steps: (ref) => steps(tasks.row(ref)),
  };
}

function keptSteps(steps: readonly Step[], fromStep: number): Step[] {
  if (fromStep <= steps.length + 1) return steps.slice(0, fromStep - 1);
  throw new OspainError('invalid_params', `The latest run has ${steps.length} steps; there is no step ${fromStep}.`, {
    hint: 'See which steps there are (task/steps).',
  });
}

const ended = (status: string): OspainError =>
  new OspainError('wrong_state', `The task has ended already: it is ${status}.`);
