import { z } from 'zod';

/** Clients cut what they send around the cursor; the server takes what its model has room for. Characters. */
const text = z.string().max(200_000);

/** Why there is nothing to show: switched off, on battery, no model that can, or the model had nothing useful to say. */
const NoCompletion = z.enum(['off', 'battery', 'noModel', 'nothing']);

export const completionMethods = {
  /** What may be typed next at the cursor. A newer request of the same client should cancel this one. */
  'completion/inline': {
    params: z.object({
      path: z.string().max(4096),
      /** VS Code's identifier of the language, such as `typescript`. */
      language: z.string().max(64),
      prefix: text,
      suffix: text,
      /** Other files that the person has open or edited lately, the most recent first. */
      neighbours: z
        .array(z.object({ path: z.string().max(4096), text }))
        .max(16)
        .default([]),
      /** Nobody asked for it: waits for a pause in the typing, and spares a battery. */
      automatic: z.boolean().default(true),
    }),
    result: z.object({ text: z.string().nullable(), why: NoCompletion.optional() }),
  },
} as const;
