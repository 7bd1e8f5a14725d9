import { z } from 'zod';
import { AutoAccept } from './tasks.ts';

/** A part of a plan, before it is a task. */
export const PlanPart = z.object({
  instruction: z.string().trim().min(1).max(20_000),
  /** Numbers of parts above it, from 1, that have to succeed before it starts. */
  after: z.array(z.number().int().min(1)).max(50).default([]),
});
export type PlanPart = z.infer<typeof PlanPart>;

/** What a task of the kind `plan` made of its goal, for a person to edit and to start. */
export const Plan = z.object({
  taskId: z.string(),
  goal: z.string(),
  /** Once started, its parts are tasks and it does not change any more. */
  status: z.enum(['open', 'started']),
  parts: z.array(PlanPart),
  /** What is likely to go wrong with a part, such as a file that does not fit the model. */
  warnings: z.array(z.object({ part: z.number().int(), text: z.string() })),
  /** Unix milliseconds. */
  updatedAt: z.number().int(),
});
export type Plan = z.infer<typeof Plan>;

const OfTask = z.object({ taskId: z.string().min(1).max(64) });
const OnePlan = z.object({ plan: Plan });

export const planMethods = {
  'plan/show': { params: OfTask, result: OnePlan },
  /** Other parts in place of those that are there; `wrong_state` for a plan that was started. */
  'plan/edit': { params: OfTask.extend({ parts: z.array(PlanPart).min(1).max(50) }), result: OnePlan },
  /**
   * Makes every part a task, all or none, each waiting for those that it comes after; when one of these fails it is held
   * for a person. The tasks are parts of the plan's own task.
   */
  'plan/start': {
    params: OfTask.extend({
      /** The plan's own model when left out. */
      model: z.string().min(1).max(128).optional(),
      /** Of every part. */
      autoAccept: AutoAccept.default('none'),
    }),
    result: OnePlan,
  },
} as const;
