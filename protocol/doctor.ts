import { z } from 'zod';

/** What is examined, in the order in which it is told. */
export const Check = z.enum([
  'node',
  'libraries',
  'database',
  'folder',
  'keyring',
  'memory',
  'model',
  'graphics',
  'sandbox',
  'socket',
  'port',
  'containers',
  'server',
  'default',
]);
export type Check = z.infer<typeof Check>;

/** What one check found. `warning`: it works, but something is weaker or missing; `failed`: something does not work. */
export const Finding = z.object({
  check: Check,
  status: z.enum(['ok', 'warning', 'failed']),
  /** What is there, in one line. */
  found: z.string(),
  /** What the person can do; null when nothing has to be done. */
  advice: z.string().nullable(),
});
export type Finding = z.infer<typeof Finding>;
