import { z } from 'zod';

/** A connection that the server made to another machine; without its traffic while it is open, or when the server died first. */
export const EgressEntry = z.object({
  id: z.number().int(),
  at: z.number().int(),
  host: z.string(),
  port: z.number().int(),
  /** The action that a person agreed to. */
  purpose: z.string(),
  /** Bytes. */
  sent: z.number().int().nullable(),
  received: z.number().int().nullable(),
});
export type EgressEntry = z.infer<typeof EgressEntry>;

export const egressMethods = {
  /** Newest first. */
  'egress/list': {
    params: z.object({ limit: z.number().int().min(1).max(10_000).default(100) }),
    result: z.object({ entries: z.array(EgressEntry) }),
  },
} as const;
