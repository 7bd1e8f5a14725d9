import { z } from 'zod';
import { AutoAccept, MAX_TEXT, Task, TaskKind } from './tasks.ts';

/** What becomes of due times that nobody was there for: drop them, run once for all of them, or run each. */
export const Misfire = z.enum(['skip', 'once', 'all']);
export type Misfire = z.infer<typeof Misfire>;

/** When a schedule is due: at one time (Unix milliseconds), or by a cron expression in a time zone. */
export const When = z.union([
  z.strictObject({ at: z.number().int().min(0) }),
  z.strictObject({ cron: z.string().min(1).max(200), timeZone: z.string().min(1).max(64).optional() }),
]);
export type When = z.infer<typeof When>;

/** What must also hold before a due task starts; it waits for it. */
export const Condition = z.enum(['idle', 'mains']);
export type Condition = z.infer<typeof Condition>;

/** The task that a schedule submits. */
const Template = z.object({
  kind: TaskKind.default('agent'),
  instruction: z.string().trim().min(1).max(MAX_TEXT),
  model: z.string().min(1).max(128).default('default'),
  autoAccept: AutoAccept.default('none'),
});

export const Schedule = z.object({
  id: z.string(),
  number: z.number().int(),
  when: When,
  conditions: z.array(Condition),
  misfire: Misfire,
  template: Template,
  enabled: z.boolean(),
  /** Unix milliseconds of the next due time; null when there is none. */
  nextAt: z.number().int().nullable(),
  lastAt: z.number().int().nullable(),
  createdAt: z.number().int(),
});
export type Schedule = z.infer<typeof Schedule>;

/** What became of one due time; each has exactly one. One that a person asked for is due when they did. */
export const Run = z.object({
  scheduleId: z.string(),
  dueAt: z.number().int(),
  outcome: z.enum(['submitted', 'skipped', 'merged', 'waiting', 'refused']),
  taskId: z.string().nullable(),
  at: z.number().int(),
  reason: z.string().nullable(),
});
export type Run = z.infer<typeof Run>;

const Ref = z.object({ scheduleId: z.string().min(1).max(64) });
const One = z.object({ schedule: Schedule });

export const scheduleMethods = {
  'schedule/create': {
    params: z.object({
      id: z.uuid().optional(),
      when: When,
      conditions: z.array(Condition).max(2).default([]),
      misfire: Misfire.default('once'),
      template: Template,
    }),
    result: One,
  },
  'schedule/list': { params: z.object({}), result: z.object({ schedules: z.array(Schedule) }) },
  'schedule/enable': { params: Ref.extend({ enabled: z.boolean() }), result: One },
  /**
   * Submits its task at once, also while it is off, whatever its conditions; due times stay as they are. Asking again with
   * the same `taskId` gives the same run.
   */
  'schedule/run': { params: Ref.extend({ taskId: z.uuid().optional() }), result: z.object({ run: Run, task: Task }) },
  'schedule/remove': { params: Ref, result: z.object({}) },
  /** The ledger of a schedule, newest first. */
  'schedule/runs': {
    params: Ref.extend({ limit: z.number().int().min(1).max(1000).default(100) }),
    result: z.object({ runs: z.array(Run) }),
  },
} as const;

export const scheduleNotifications = {
  /** Server to every client, when a schedule was made, changed or came due: a whole snapshot. */
  'schedule/didChange': z.object({ schedule: Schedule }),
  /** Server to every client, when a schedule was removed. */
  'schedule/didRemove': z.object({ scheduleId: z.string() }),
} as const;
