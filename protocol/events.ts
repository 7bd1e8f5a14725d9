import { z } from 'zod';
import { WireError } from './errors.ts';

/** Token counts and times of one model turn. Times are milliseconds. */
export const Usage = z.object({
  promptTokens: z.number().int(),
  cachedTokens: z.number().int(),
  generatedTokens: z.number().int(),
  /** Of the generated ones; absent without thoughts. */
  thoughtTokens: z.number().int().optional(),
  firstTokenMs: z.number(),
  durationMs: z.number(),
});
export type Usage = z.infer<typeof Usage>;

/** Why an answer ended: by itself, at the limit of tokens, at a text that was to end it, or to ask for calls. */
export const StopReason = z.enum(['end', 'maxTokens', 'stop', 'calls']);
export type StopReason = z.infer<typeof StopReason>;

const data = {
  submitted: z.object({ kind: z.string(), instruction: z.string() }),
  started: z.object({ attempt: z.number().int(), model: z.string() }),
  /**
   * What the model is told before its first answer besides the usual: `rules` of the workspace below the system text, and
   * `text` as its first turn. `sources` are where these come from; what had no room was left out. Absent when there is nothing.
   */
  told: z.object({
    rules: z.string(),
    text: z.string(),
    sources: z.array(z.object({ name: z.string(), characters: z.number().int(), leftOut: z.boolean() })),
  }),
  /** The model is being made ready; `ms` is there when it is. */
  model: z.object({ name: z.string(), state: z.enum(['loading', 'ready']), ms: z.number().optional() }),
  /** The model thinks before it answers; what it thinks is kept nowhere. */
  thinking: z.object({ turn: z.number().int() }),
  /** Streamed text of a model turn; several in a row make the turn. */
  text: z.object({ turn: z.number().int(), text: z.string() }),
  /** A finished model turn, whole: what the transcript is rebuilt from. */
  turn: z.object({
    turn: z.number().int(),
    text: z.string(),
    /** Why it ended there; absent means that the model ended it. */
    stop: StopReason.optional(),
    usage: Usage,
    /** Tokens that the model can hold; absent in older logs. */
    contextLength: z.number().int().optional(),
    /** The context was nearly full: this text stands in the place of all turns before it from now on. */
    isSummary: z.boolean().optional(),
  }),
  call: z.object({ turn: z.number().int(), tool: z.string(), summary: z.string() }),
  /** What a command says while it runs, as plain text; its result has the whole of it, or its beginning and its end. */
  output: z.object({ turn: z.number().int(), text: z.string() }),
  result: z.object({ turn: z.number().int(), ok: z.boolean(), text: z.string() }),
  /** A person is asked, or has answered; `text` is what they wrote. */
  approval: z.object({
    id: z.number().int(),
    turn: z.number().int(),
    status: z.enum(['asked', 'allowed', 'denied', 'answered']),
    summary: z.string(),
    text: z.string().optional(),
  }),
  /** A call that acts outside of the task's edits begins: without a result behind it nobody knows how far it came. */
  begun: z.object({ turn: z.number().int(), why: z.string() }),
  proposal: z.object({
    status: z.enum(['open', 'accepted', 'rejected', 'undone']),
    files: z.array(z.object({ path: z.string(), added: z.number().int(), removed: z.number().int() })),
  }),
  /** What a person decided on a part of a proposal, or how it was made to fit what was changed meanwhile. */
  reviewed: z.object({
    did: z.enum(['accepted', 'rejected', 'undone', 'merged']),
    files: z.array(z.object({ path: z.string(), added: z.number().int(), removed: z.number().int() })),
  }),
  /** The attempt ended without a result and the task goes back to the queue. */
  retry: z.object({ attempt: z.number().int(), error: WireError, delayMs: z.number().int() }),
  /** The task waits for others, for a time or for a person; `reason` is for people. */
  waiting: z.object({ status: z.enum(['blocked', 'delayed', 'paused', 'pending']), reason: z.string() }),
  /** A run goes on behind this step instead of beginning anew. */
  resumed: z.object({ step: z.number().int() }),
  prioritized: z.object({ priority: z.number().int() }),
  cancelAsked: z.object({}),
  pauseAsked: z.object({}),
  done: z.object({ text: z.string() }),
  failed: z.object({ error: WireError }),
  cancelled: z.object({}),
} as const;

export type EventType = keyof typeof data;
export type EventData<T extends EventType> = z.infer<(typeof data)[T]>;

const envelope = <T extends EventType>(type: T) =>
  z.object({
    taskId: z.string(),
    seq: z.number().int(),
    at: z.number().int(),
    type: z.literal(type),
    data: data[type],
  });

const types = Object.keys(data) as [EventType, ...EventType[]];

/** One row of a task's append-only log. `seq` counts from 1 without gaps; `at` is Unix time in milliseconds. */
export type TaskEvent = {
  [T in EventType]: { taskId: string; seq: number; at: number; type: T; data: EventData<T> };
}[EventType];

export const TaskEvent = z.discriminatedUnion('type', [
  envelope('submitted'),
  ...types.slice(1).map(envelope),
]) as unknown as z.ZodType<TaskEvent>;
