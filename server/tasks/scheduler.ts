import { setImmediate as setImmediately } from 'node:timers/promises';
import {
  type AnyKind,
  type ErrorCode,
  type EventType,
  INTERACTIVE,
  OspainError,
  type Task,
} from '../../protocol/index.ts';
import type { Log } from '../log.ts';
import { ownerAlive } from '../storage/owner.ts';
import { type After, after as realAfter } from '../timer.ts';
import { createAttempt, type OpenAttempt } from './attempt.ts';
import type { Admission } from './candidates.ts';
import type { Kind } from './kind.ts';
import type { Claim, Queue } from './queue.ts';

export interface SchedulerDeps {
  queue: Queue;
  kinds: readonly Kind[];
  /** Names this server in leases: `<pid>:<uuid>`. */
  worker: string;
  /**
   * How many tasks run at one moment; `perKind` keeps one kind from taking all places. Two interactive ones run beside
   * them, whatever their kind.
   */
  concurrency: number;
  perKind?: Readonly<Partial<Record<AnyKind, number>>>;
  /**
   * Why a task must go on waiting although there is a place, in words; null lets it start. Asked for the first task of each
   * kind and model, again every second and whenever a task ends. Each change of what it says is an event of the task.
   */
  admit?: (task: Task, running: readonly Task[]) => string | null;
  /** How long a task stays ours without a sign of life; one is given every third of it. Milliseconds. */
  leaseMs?: number;
  /**
   * The longest wait before the second attempt; doubles with each, up to ten minutes. Each wait is a random part of that,
   * so that what failed together is not tried again together. Milliseconds.
   */
  retryMs?: number;
  /** Between 0 and 1. */
  random?: () => number;
  /** How often to look for what other servers of the workspace wrote. Milliseconds. */
  pollMs?: number;
  now: () => number;
  log: Log;
  after?: After;
  /** Whether the server behind a lease is still there. */
  isAlive?: (worker: string) => boolean;
}

/** Works the queue: claims tasks, runs their kinds, keeps their leases, and writes down how they ended. */
export interface Scheduler {
  start(): void;
  /** There may be something to do: call it after a change of the queue. */
  wake(): void;
  /** The tasks that this server works on now. */
  running(): readonly Task[];
  /** Aborts what runs and gives it back to the queue at once; waits for the kinds, but no longer than `timeoutMs`. */
  stop(options?: { timeoutMs?: number }): Promise<void>;
}

/** Errors after which the same attempt may well succeed. Every other code would only fail again. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'worker_failed',
  'memory_short',
  'storage_busy',
  'containers_missing',
  'containers_lost',
]);

/** Events after which there may be something to claim; another server may have written them. */
const WAKING: ReadonlySet<EventType> = new Set(['submitted', 'retry', 'waiting', 'prioritized']);

/** Milliseconds between two questions whether a task may start that was refused. */
const ASK_AGAIN = 1000;
const LONGEST_WAIT = 600_000;
/** Interactive tasks that take no place from the others. */
const BESIDE = 2;

interface Running {
  claim: Claim;
  controller: AbortController;
  settled: Promise<void>;
}

/** An attempt whose kind is through and whose end is to be written. */
interface Ending {
  entry: Running;
  end(): void;
  /** What is written when that could not be; throws when there is nothing else. */
  otherwise(thrown: unknown): void;
  written(): void;
}

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { queue, worker, concurrency, leaseMs = 30_000, retryMs = 1000, pollMs = 250, now, log } = deps;
  const { after = realAfter, isAlive = (owner) => ownerAlive(owner, worker), random = Math.random } = deps;
  const { admit, perKind = {} } = deps;
  const kinds = new Map<string, Kind>(deps.kinds.map((kind) => [kind.name, kind]));
  const running = new Set<Running>();
  const timers = new Map<'renew' | 'poll' | 'due', () => void>();
  /** Tasks that were not admitted, with when they were asked for. */
  const refused = new Map<string, { at: number; why: string }>();
  let endings: Ending[] = [];
  let state: 'new' | 'working' | 'stopped' = 'new';
  let unlisten = () => {};
  let waking = false;
  /** When our leases were last renewed; Unix milliseconds. */
  let renewedAt = 0;

  const later = (name: 'renew' | 'poll' | 'due', ms: number, run: () => void) => {
    timers.get(name)?.();
    timers.set(
      name,
      after(ms, () => {
        timers.delete(name);
        if (state === 'working') run();
      }),
    );
  };

  /** Trouble with the database is told to whoever asks for something; here the next round tries again. */
  const attempted = (what: string, run: () => void) => {
    try {
      run();
    } catch (thrown) {
      log.warn(`${what} failed: ${describe(thrown)}`);
    }
  };

  /** Claims of the transaction that is running; its commit makes them ours. */
  let taken: Claim[] = [];
  const held = (): Task[] => [...[...running].map(({ claim }) => claim), ...taken].map(({ task }) => task);

  /** An answer holds for a second: its event wakes us, and a reason that is new each time would do so without end. */
  const ask = (task: Task): string | null => {
    const before = refused.get(task.id);
    if (before && Math.abs(now() - before.at) < ASK_AGAIN) return before.why;
    const why = admit?.(task, held()) ?? null;
    if (why === null) refused.delete(task.id);
    else refused.set(task.id, { at: now(), why });
    return why;
  };

  /** Fills the places that are free after `end`, in one transaction with it: they wait for the disk once. */
  const fill = (end = () => {}) => {
    waking = false;
    if (state !== 'working') return queue.allOrNone(end);
    let wait = leaseMs / 3;
    const admission: Admission = {
      place({ kind, priority }) {
        const tasks = held();
        const beside = Math.min(tasks.filter(isInteractive).length, BESIDE);
        if (isInteractive({ priority }) && beside < BESIDE) return true;
        const others = tasks.filter((task) => task.kind === kind && !isInteractive(task));
        return tasks.length - beside < concurrency && others.length < (perKind[kind as AnyKind] ?? concurrency);
      },
      task(task) {
        const why = ask(task);
        if (why !== null) wait = Math.min(wait, ASK_AGAIN);
        return why;
      },
    };
    const claimAll = () => {
      for (;;) {
        const claim = queue.claim(worker, leaseMs, admission);
        if (claim === null) break;
        taken.push(claim);
      }
      const due = queue.nextDue();
      if (due !== null) wait = Math.min(wait, due - now());
    };
    try {
      queue.allOrNone(() => {
        end();
        claimAll();
      });
      for (const claim of taken) begin(claim);
    } finally {
      taken = [];
      later('due', Math.max(wait, 1), look);
    }
  };

  const look = () => attempted('claiming a task', () => fill());

  const wake = () => {
    if (waking || state !== 'working') return;
    waking = true;
    // Not in the caller's turn: its answer goes out before the work begins.
    setImmediate(look);
  };

  const begin = (claim: Claim) => {
    const controller = new AbortController();
    const attempt = createAttempt({
      queue,
      claim,
      signal: controller.signal,
      after,
      onTextFailed(thrown) {
        const error = OspainError.from(thrown);
        if (error.code === 'lease_lost') controller.abort(error);
        else log.warn(`writing text failed: ${describe(error)}`);
      },
    });
    const entry: Running = { claim, controller, settled: Promise.resolve() };
    running.add(entry);
    entry.settled = runAttempt(entry, attempt);
  };

  const runAttempt = async (entry: Running, attempt: OpenAttempt): Promise<void> => {
    const { claim, controller } = entry;
    // However short the tasks are, others are served between two of them.
    await setImmediately();
    const outcome = await runKind(attempt).then(
      (result) => ({ result }),
      (thrown: unknown) => ({ thrown }),
    );
    const { signal } = controller;
    // Not with the end, which may be undone together with others and written again.
    if ('thrown' in outcome && reasonOf(signal, outcome.thrown) !== 'lease_lost')
      attempted('writing the last text', () => attempt.close());
    await new Promise<void>((written) => {
      if (endings.length === 0) setImmediate(endAll);
      endings.push({
        entry,
        end() {
          if ('thrown' in outcome) endWithout(claim, signal, outcome.thrown);
          else queue.complete(claim.task.id, claim.fence, outcome.result);
        },
        otherwise(thrown) {
          if ('thrown' in outcome) throw thrown;
          endWithout(claim, signal, thrown);
        },
        written,
      });
    });
  };

  /** Those that end in one turn of the event loop are one transaction, with the start of what takes their places. */
  const endAll = () => {
    const group = endings;
    endings = [];
    for (const { entry } of group) running.delete(entry);
    refused.clear();
    try {
      fill(() => {
        for (const { end } of group) end();
      });
    } catch {
      // Whichever of them failed: each ends for itself, and the next round claims.
      for (const { end, otherwise } of group)
        attempted('ending an attempt', () => {
          try {
            end();
          } catch (thrown) {
            otherwise(thrown);
          }
        });
      wake();
    }
    for (const { written } of group) written();
  };

  const runKind = async (attempt: OpenAttempt): Promise<string> => {
    const kind = kinds.get(attempt.task.kind);
    if (kind) {
      const result = await kind.run(attempt);
      attempt.close();
      return result;
    }
    throw new OspainError('unavailable', `This version of OSPAiN2 has no tasks of the kind ${attempt.task.kind}.`, {
      hint: 'Update OSPAiN2.',
    });
  };

  const endWithout = ({ task, fence, attempt: number }: Claim, signal: AbortSignal, thrown: unknown) => {
    const error = OspainError.from(thrown);
    const reason = reasonOf(signal, thrown);
    // It ended with what it asked.
    if (reason === 'parked') return;
    if (reason === 'lease_lost') return log.info(`task ${task.number}: the lease was lost`);
    if (reason === 'cancelled') return queue.cancelled(task.id, fence);
    if (signal.aborted) return queue.release(task.id, fence);
    if (reason === 'paused') return queue.paused(task.id, fence);
    if (error.code === 'internal') log.error(`task ${task.number}: ${describe(thrown)}`);
    const delayMs = Math.round(random() * Math.min(retryMs * 2 ** (number - 1), LONGEST_WAIT));
    const went = queue.fail(task.id, fence, error, { retryable: RETRYABLE.has(error.code), delayMs });
    log.info(`task ${task.number}: attempt ${number} ended with ${error.code}, now ${went}`);
  };

  const abort = (entry: Running, code: 'cancelled' | 'lease_lost' | 'unavailable', message: string) => {
    if (!entry.controller.signal.aborted) entry.controller.abort(new OspainError(code, message));
  };

  /** Signs of life come before looking for dead owners: after a sleep of the machine our own leases have run out too. */
  const renew = () => {
    for (const entry of running) {
      attempted('renewing a lease', () => {
        const answer = queue.heartbeat(entry.claim.task.id, entry.claim.fence, leaseMs);
        if (answer === 'lost') abort(entry, 'lease_lost', 'Another server has taken the task over.');
        if (answer === 'cancelAsked') abort(entry, 'cancelled', 'The task was cancelled.');
      });
    }
    // Whoever was late with this, because the machine slept, will not blame others for theirs before they had the time.
    const slept = now() - renewedAt > (leaseMs * 2) / 3;
    renewedAt = now();
    reap({ expired: !slept });
    later('renew', leaseMs / 3, renew);
  };

  const reap = (options?: { expired: boolean }) =>
    attempted('taking tasks back', () => {
      const taken = queue.reap(isAlive, options);
      if (taken > 0) log.info(`${taken} tasks taken back from servers that ended`);
    });

  const poll = () => {
    attempted('looking for changes', () => queue.poll());
    later('poll', pollMs, poll);
  };

  return {
    start() {
      if (state !== 'new') return;
      state = 'working';
      const unlistenState = queue.onState(({ paused }) => {
        if (!paused) wake();
      });
      const unlistenTasks = queue.listen(({ events, task }) => {
        for (const { type } of events) {
          if (WAKING.has(type)) wake();
          if (type !== 'cancelAsked') continue;
          for (const entry of running)
            if (entry.claim.task.id === task.id) abort(entry, 'cancelled', 'The task was cancelled.');
        }
      });
      unlisten = () => {
        unlistenState();
        unlistenTasks();
      };
      renewedAt = now();
      reap();
      later('renew', leaseMs / 3, renew);
      later('poll', pollMs, poll);
      wake();
    },
    wake,
    running: held,
    async stop({ timeoutMs = 5000 } = {}) {
      if (state === 'stopped') return;
      state = 'stopped';
      unlisten();
      for (const cancel of timers.values()) cancel();
      timers.clear();
      for (const entry of running) abort(entry, 'unavailable', 'The server is stopping.');
      await allWithin(
        [...running].map(({ settled }) => settled),
        timeoutMs,
      );
      // A kind that did not listen loses its task here; whatever it writes later is refused.
      for (const { claim } of running) attempted('giving a task back', () => queue.release(claim.task.id, claim.fence));
    },
  };
}

const isInteractive = ({ priority }: Pick<Task, 'priority'>): boolean => priority === INTERACTIVE;

/** Why an attempt ended without a result: first that it is no longer ours, then what was asked of it, then what it threw. */
function reasonOf(signal: AbortSignal, thrown: unknown): ErrorCode {
  const { code } = OspainError.from(thrown);
  return signal.aborted && code !== 'lease_lost' && code !== 'parked' ? OspainError.from(signal.reason).code : code;
}

async function allWithin(settled: readonly Promise<void>[], timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  // This timer keeps the process alive on purpose: giving the tasks back comes after it.
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([Promise.all(settled), late]);
  clearTimeout(timer);
}

/** A failure in one line without its message, which may quote what a person wrote. */
function describe(thrown: unknown): string {
  const { code, cause } = OspainError.from(thrown);
  const origin = code === 'internal' && cause instanceof Error ? cause : undefined;
  const frames = origin?.stack?.split('\n').filter((line) => line.trimStart().startsWith('at ')) ?? [];
  return [code, origin?.name, ...frames.slice(0, 6).map((line) => line.trim())].filter(Boolean).join(' ');
}
