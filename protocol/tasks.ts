import { z } from 'zod';
import { WireError } from './errors.ts';
import { TaskEvent } from './events.ts';

export const TaskKind = z.enum(['ask', 'agent', 'plan', 'tag']);
export type TaskKind = z.infer<typeof TaskKind>;

export const TaskStatus = z.enum(['pending', 'delayed', 'running', 'done', 'failed', 'cancelled']);
export type TaskStatus = z.infer<typeof TaskStatus>;

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
  kind: TaskKind,
  instruction: z.string(),
  context: TaskContext.nullable(),
  status: TaskStatus,
  model: z.string(),
  autoAccept: z.boolean(),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  /** One short line that says what is happening now. */
  progress: z.string().nullable(),
  result: z.string().nullable(),
  error: WireError.nullable(),
  proposal: ProposalStatus.nullable(),
  /** The newest event's `seq`. */
  lastSeq: z.number().int(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type Task = z.infer<typeof Task>;

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
      autoAccept: z.boolean().default(false),
    }),
    result: OneTask,
  },
  'task/list': {
    params: z.object({
      status: z.array(TaskStatus).optional(),
      /** Tasks with a smaller number than this: the next page. Newest first. */
      before: z.number().int().optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    result: z.object({ tasks: z.array(Task), total: z.number().int() }),
  },
  'task/show': { params: TaskRef, result: OneTask },
  'task/cancel': { params: TaskRef, result: OneTask },
  /** Puts an ended task that did not succeed back into the queue. */
  'task/retry': { params: TaskRef, result: OneTask },
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
