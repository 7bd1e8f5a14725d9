import { z } from 'zod';

/** What one version of a model did in a span of time. A span in which it was not loaded has none. */
export const ModelReading = z.object({
  /** Unix milliseconds of the span's beginning. */
  at: z.number().int(),
  /** As `name@version`. */
  model: z.string(),
  /** Tokens of answers, and of prompts that were evaluated. An answer that is not over counts by its pieces. */
  written: z.number(),
  read: z.number(),
  /** Bytes that its process held; null where nobody looked, and where the system does not tell. */
  memoryBytes: z.number().int().nullable(),
});
export type ModelReading = z.infer<typeof ModelReading>;

export const readingMethods = {
  /** What this server's models did in the last hours, oldest first; kept in memory only. */
  'model/readings': {
    params: z.object({
      /** Unix milliseconds: only spans that begin then or later. The last one that is answered is not over. */
      since: z.number().int().min(0).default(0),
    }),
    /** `spanMs`: how long each is. `now` is the server's clock. */
    result: z.object({ spanMs: z.number().int(), now: z.number().int(), readings: z.array(ModelReading) }),
  },
} as const;
