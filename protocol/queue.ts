import { z } from 'zod';

/** The queue of the workspace as a whole. */
export const QueueState = z.object({
  /** While it is paused no task starts; what runs goes on to its end. */
  paused: z.boolean(),
  counts: z.record(z.string(), z.number().int()),
});
export type QueueState = z.infer<typeof QueueState>;

export const queueMethods = {
  'queue/show': { params: z.object({}), result: QueueState },
  'queue/pause': { params: z.object({}), result: QueueState },
  'queue/resume': { params: z.object({}), result: QueueState },
} as const;

export const queueNotifications = {
  /** Server to every client, when the queue was paused or resumed: a whole snapshot. */
  'queue/didChange': QueueState,
} as const;
