/** What the queue promises about tasks' states, said once more and as plainly as can be: no indexes, no counters, no SQL. */
import type { OnFailure, TaskStatus } from '../../../protocol/index.ts';

export interface ModelTask {
  id: string;
  number: number;
  status: TaskStatus;
  parent: string | undefined;
  edges: Array<{ on: string; policy: OnFailure; open: boolean }>;
  priority: number;
  notBefore: number;
  attempts: number;
  dead: boolean;
  held: boolean;
  cancelAsked: boolean;
  pauseAsked: boolean;
  holder: Hold | undefined;
}

export interface Hold {
  id: string;
  fence: number;
  worker: string;
  until: number;
}

export interface Wish {
  id: string;
  after: ReadonlyArray<{ on: string; policy: OnFailure }>;
  parent: string | undefined;
  priority: number;
  notBefore: number;
}

export const MAX_ATTEMPTS = 2;
const ended = ({ status }: ModelTask) => ['done', 'failed', 'cancelled'].includes(status);
const lost = ({ status }: ModelTask) => status === 'failed' || status === 'cancelled';

/** Each function answers whether the queue must allow it. */
export function createModel(clock: { now: number }) {
  const tasks = new Map<string, ModelTask>();
  let queuePaused = false;

  const get = (id: string): ModelTask => {
    const task = tasks.get(id);
    if (task === undefined) throw new Error(`no task ${id}`);
    return task;
  };
  const openEdges = (task: ModelTask) => task.edges.filter(({ open }) => open);

  /** Where a task waits. */
  const place = (task: ModelTask) => {
    const open = openEdges(task);
    task.held = open.some(({ on }) => lost(get(on)));
    task.status = task.notBefore > clock.now ? 'delayed' : 'pending';
    if (open.length > 0) task.status = task.held ? 'paused' : 'blocked';
  };

  const leave = (task: ModelTask, status: TaskStatus) => {
    task.status = status;
    Object.assign(task, { holder: undefined, held: false, cancelAsked: false, pauseAsked: false });
    if (!ended(task)) return;
    if (status === 'cancelled') cancelParts(task);
    for (const other of tasks.values())
      for (const edge of other.edges) {
        if (edge.on !== task.id || !edge.open) continue;
        if (status === 'done' || edge.policy === 'run') {
          edge.open = false;
          if (other.status === 'blocked' && openEdges(other).length === 0) place(other);
        } else if (!ended(other) && edge.policy === 'cancel') leave(other, 'cancelled');
        else if (other.status === 'blocked') place(other);
      }
  };

  const cancelParts = (task: ModelTask) => {
    for (const part of tasks.values()) if (part.parent === task.id && !ended(part)) stop(part);
  };

  const stop = (task: ModelTask) => {
    if (task.status !== 'running') return leave(task, 'cancelled');
    if (task.cancelAsked) return;
    task.cancelAsked = true;
    cancelParts(task);
  };

  const giveBack = (task: ModelTask, delayMs: number, counts = true) => {
    if (!counts && !task.cancelAsked) task.attempts -= 1;
    task.notBefore = delayMs > 0 ? clock.now + delayMs : 0;
    if (task.cancelAsked) leave(task, 'cancelled');
    else if (task.attempts >= MAX_ATTEMPTS) {
      leave(task, 'failed');
      task.dead = true;
    } else leave(task, task.pauseAsked ? 'paused' : delayMs > 0 ? 'delayed' : 'pending');
  };

  return {
    tasks,
    submit({ id, after, parent, priority, notBefore }: Wish): boolean {
      if (after.some(({ on }) => !tasks.has(on)) || (parent !== undefined && !tasks.has(parent))) return false;
      if (parent !== undefined && (get(parent).status === 'cancelled' || get(parent).cancelAsked)) return false;
      const edges = after.map(({ on, policy }) => ({
        on,
        policy,
        open: get(on).status !== 'done' && !(lost(get(on)) && policy === 'run'),
      }));
      const task: ModelTask = {
        ...{ id, parent, edges, priority, notBefore, number: tasks.size + 1, status: 'pending' as const, attempts: 0 },
        ...{ dead: false, held: false, cancelAsked: false, pauseAsked: false, holder: undefined },
      };
      tasks.set(id, task);
      if (edges.some(({ on, policy, open }) => open && policy === 'cancel' && lost(get(on)))) task.status = 'cancelled';
      else place(task);
      return true;
    },
    cancel(id: string): boolean {
      if (ended(get(id))) return false;
      stop(get(id));
      return true;
    },
    retry(id: string): boolean {
      const task = get(id);
      if (!lost(task)) return false;
      Object.assign(task, { attempts: 0, notBefore: 0, dead: false });
      place(task);
      for (const other of tasks.values()) if (other.held && openEdges(other).some(({ on }) => on === id)) place(other);
      return true;
    },
    pause(id: string): boolean {
      const task = get(id);
      if (ended(task) || task.cancelAsked) return false;
      if (task.status === 'running') task.pauseAsked = true;
      else Object.assign(task, { status: 'paused', held: false });
      return true;
    },
    resume(id: string): boolean {
      const task = get(id);
      if (task.status === 'running' && task.pauseAsked) task.pauseAsked = false;
      else if (task.status !== 'paused') return false;
      else {
        if (task.held) for (const edge of task.edges) if (lost(get(edge.on))) edge.open = false;
        place(task);
      }
      return true;
    },
    prioritize(id: string, priority: number): boolean {
      if (ended(get(id))) return false;
      get(id).priority = priority;
      return true;
    },
    setPaused(paused: boolean) {
      queuePaused = paused;
    },
    /** The task that must be claimed next. */
    next(): ModelTask | undefined {
      for (const task of tasks.values())
        if (task.status === 'delayed' && task.notBefore <= clock.now) task.status = 'pending';
      const pending = [...tasks.values()].filter(({ status }) => status === 'pending');
      if (queuePaused) return undefined;
      return pending.toSorted((one, other) => other.priority - one.priority || one.number - other.number)[0];
    },
    claimed(hold: Hold) {
      const task = get(hold.id);
      Object.assign(task, { status: 'running', attempts: task.attempts + 1, holder: hold });
    },
    reap(dead: string) {
      for (const task of tasks.values())
        if (task.holder && (task.holder.worker === dead || task.holder.until <= clock.now)) giveBack(task, 0);
    },
    /** For the holder alone. */
    write(id: string, how: 'text' | 'complete' | 'fail' | 'failForGood' | 'cancelled' | 'release' | 'paused') {
      const task = get(id);
      task.notBefore = how === 'text' ? task.notBefore : 0;
      if (how === 'complete') leave(task, 'done');
      if (how === 'cancelled') leave(task, 'cancelled');
      if (how === 'fail') giveBack(task, 500);
      if (how === 'failForGood') leave(task, task.cancelAsked ? 'cancelled' : 'failed');
      if (how === 'release' || (how === 'paused' && !task.pauseAsked)) giveBack(task, 0, false);
      else if (how === 'paused') {
        if (!task.cancelAsked) task.attempts -= 1;
        leave(task, task.cancelAsked ? 'cancelled' : 'paused');
      }
    },
  };
}

export type Model = ReturnType<typeof createModel>;
