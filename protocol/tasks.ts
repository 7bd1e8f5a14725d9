import { z } from 'zod';
import { WireError } from './errors.ts';
import { TaskEvent } from './events.ts';

/** What people and programs may submit. */
export const TaskKind = z.enum(['ask', 'agent', 'plan', 'tag']);
export type TaskKind = z.infer<typeof TaskKind>;

/** What tasks there are: one of the kind `suggest` comes of `suggestion/ask` alone. */
export const AnyKind = z.enum([...TaskKind.options, 'suggest']);
export type AnyKind = z.infer<typeof AnyKind>;

/**
 * `blocked` waits for other tasks, `delayed` for a time, `paused` for a person, `pending` for a free worker.
 * The last three are ends.
 */
export const TaskStatus = z.enum(['blocked', 'delayed', 'paused', 'pending', 'running', 'done', 'failed', 'cancelled']);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** What becomes of a task when one that it depends on fails or is cancelled; `hold` leaves it to a person. */
export const OnFailure = z.enum(['cancel', 'run', 'hold']);
export type OnFailure = z.infer<typeof OnFailure>;

/** An edge of the task graph: this task starts after another one was done. */
export const Dependency = z.object({ taskId: z.string().min(1).max(64), onFailure: OnFailure.default('cancel') });
export type Dependency = z.infer<typeof Dependency>;

/** 0 is what waits for its turn; a higher number goes first. */
export const Priority = z.number().int().min(0).max(1000);

/**
 * What a task may do without asking first; each level includes those before it. `edits`: write its edits to disk as soon as
 * it is done. `sandboxed`: run commands where they can change nothing outside of the sandbox. `allButDestructive`: run any
 * command or tool, but for what can hardly be undone.
 */
export const AutoAccept = z.enum(['none', 'edits', 'sandboxed', 'allButDestructive']);
export type AutoAccept = z.infer<typeof AutoAccept>;

export const ProposalStatus = z.enum(['open', 'accepted', 'rejected', 'undone']);
export type ProposalStatus = z.infer<typeof ProposalStatus>;

/** At most 1 MiB of text crosses the border with one task. */
export const MAX_TEXT = 1_048_576;

/** What the person was looking at: a path inside the workspace and, for a selection, its text. */
export const TaskContext = z.object({ path: z.string().max(4096), text: z.string().max(MAX_TEXT).optional() });
export type TaskContext = z.infer<typeof TaskContext>;

export const Task = z.object({
  /** Chosen by the client (UUID), which makes submitting twice harmless. */
  id: z.string(),
  /** Short and unique in the workspace; people type this one. */
  number: z.number().int(),
  kind: AnyKind,
  instruction: z.string(),
  context: TaskContext.nullable(),
  status: TaskStatus,
  model: z.string(),
  autoAccept: AutoAccept,
  /** The task that this one is a part of. */
  parentId: z.string().nullable(),
  /** The task whose turn of a chat came before this one. */
  continues: z.string().nullable(),
  dependsOn: z.array(Dependency),
  priority: Priority,
  /** Not before this time; Unix milliseconds, 0 for at once. */
  notBefore: z.number().int(),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  /** A failed task whose attempts are all used: it stays until a person retries it. */
  dead: z.boolean(),
  /** Why it does not run, in words, while it waits; null when it does not wait. */
  waits: z.string().nullable(),
  /** How many tasks have this one as their parent, and how many of these have ended. */
  children: z.object({ total: z.number().int(), ended: z.number().int() }),
  /** One short line that says what is happening now. */
  progress: z.string().nullable(),
  result: z.string().nullable(),
  error: WireError.nullable(),
  proposal: ProposalStatus.nullable(),
  /** The approval that it waits for: see `approval/show`. */
  approval: z.number().int().nullable(),
  /** The newest event's `seq`. */
  lastSeq: z.number().int(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type Task = z.infer<typeof Task>;

/** One durable unit of a run. After a crash the task goes on behind its last step; `retry` can begin before any. */
export const Step = z.object({
  /** Counts from 1. */
  step: z.number().int(),
  kind: z.enum(['turn', 'call', 'approval', 'proposal']),
  summary: z.string(),
  /** The `seq` of the event that ended it. */
  seq: z.number().int(),
  at: z.number().int(),
});
export type Step = z.infer<typeof Step>;

/** A task's id, or its number in decimal. */
const TaskRef = z.object({ taskId: z.string().min(1).max(64) });
const OneTask = z.object({ task: Task });

export const taskMethods = {
  'task/submit': {
    params: z.object({
      id: z.uuid().optional(),
      kind: TaskKind.default('agent'),
      instruction: z.string().trim().min(1).max(MAX_TEXT),
      context: TaskContext.optional(),
      model: z.string().min(1).max(128).default('default'),
      autoAccept: AutoAccept.default('none'),
      parentId: z.string().min(1).max(64).optional(),
      /** Goes on where this task ended: the model hears what was said before. It must be done. */
      continues: z.string().min(1).max(64).optional(),
      dependsOn: z.array(Dependency).max(1000).default([]),
      priority: Priority.default(0),
      /** Unix milliseconds. */
      notBefore: z.number().int().min(0).default(0),
      maxAttempts: z.number().int().min(1).max(20).default(3),
    }),
    result: OneTask,
  },
  'task/list': {
    params: z.object({
      status: z.array(TaskStatus).optional(),
      /** Only the parts of this task; null for tasks that are part of none. */
      parentId: z.string().min(1).max(64).nullable().optional(),
      /** Only dead letters. */
      dead: z.boolean().optional(),
      /** Tasks with a smaller number than this: the next page. Newest first. */
      before: z.number().int().optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    result: z.object({ tasks: z.array(Task), total: z.number().int() }),
  },
  /**
   * Looks for tasks, newest first, through a bounded number of them: `next` is the `before` to go on with, null at the end of
   * all. An answer may hold nothing and yet have a `next`.
   */
  'task/search': {
    params: z.object({
      /** What their instructions contain, in whatever case; empty for all. */
      text: z.string().max(200).default(''),
      status: z.array(TaskStatus).optional(),
      kind: z.array(TaskKind).optional(),
      /** Only those that a person has to decide on: a proposal to review, an approval to answer, a plan to start. */
      forPerson: z.boolean().default(false),
      before: z.number().int().min(1).optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    result: z.object({ tasks: z.array(Task), next: z.number().int().nullable() }),
  },
  'task/show': { params: TaskRef, result: OneTask },
  /**
   * What a task waits for and what waits for it, however many tasks are between; for one that is made of parts, the same of
   * its parts. Oldest first, and in it the task itself; `more` when there are others than fit.
   */
  'task/graph': {
    params: TaskRef.extend({ limit: z.number().int().min(1).max(500).default(100) }),
    result: z.object({ tasks: z.array(Task), more: z.boolean() }),
  },
  'task/cancel': { params: TaskRef, result: OneTask },
  /**
   * Puts an ended task that did not succeed back into the queue, with all its attempts. `fromStep` keeps the steps before
   * it (see `task/steps`); without it the task begins anew.
   */
  'task/retry': { params: TaskRef.extend({ fromStep: z.number().int().min(1).optional() }), result: OneTask },
  /** Takes a waiting task out of the queue, and a running one after its current step; `resume` puts it back. */
  'task/pause': { params: TaskRef, result: OneTask },
  'task/resume': { params: TaskRef, result: OneTask },
  'task/prioritize': { params: TaskRef.extend({ priority: Priority }), result: OneTask },
  /** A new task that asks for the same. */
  'task/duplicate': { params: TaskRef, result: OneTask },
  /** The durable steps of the latest run: where a retry can begin. */
  'task/steps': { params: TaskRef, result: z.object({ steps: z.array(Step) }) },
  'task/events': {
    params: TaskRef.extend({
      /** Only events with a larger `seq`. */
      after: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(10_000).default(1000),
    }),
    result: z.object({ events: z.array(TaskEvent) }),
  },
} as const;

export const taskNotifications = {
  /** Server to every client, when a task changed: a whole snapshot, so a missed one does no harm. */
  'task/didChange': z.object({ task: Task }),
  /** Server to every client, for each event in order. A client that missed some asks `task/events`. */
  'task/didEvent': z.object({ event: TaskEvent }),
} as const;
