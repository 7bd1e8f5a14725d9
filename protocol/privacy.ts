import { z } from 'zod';
import { KeyStore } from './keys.ts';
import { Trust } from './server.ts';

/** What kinds of things are kept; `replaced` are databases that a restored backup took the place of. */
export const KeptKind = z.enum(['database', 'index', 'parked', 'replaced', 'registry', 'models', 'pulls', 'yours']);
export type KeptKind = z.infer<typeof KeptKind>;

/** One place on the disk, and what is in it. */
export const Kept = z.object({
  kind: KeptKind,
  /** Absolute, of a file or a folder. */
  path: z.string(),
  /** On the disk; 0 where nothing is. */
  bytes: z.number().int(),
  /** How many there are of what it holds, such as `tasks`. */
  counts: z.record(z.string(), z.number().int()),
  /** Whether it is of use only to who has the key. */
  encrypted: z.boolean(),
});
export type Kept = z.infer<typeof Kept>;

/** A key, and where it is. `file` is weaker: whoever reads the home folder reads the key. */
export const KeptKey = z.object({
  of: z.enum(['workspace', 'models']),
  store: KeyStore,
  /** Absolute path of the file that holds it; null where none does. */
  file: z.string().nullable(),
});
export type KeptKey = z.infer<typeof KeptKey>;

export const Privacy = z.object({
  cipher: z.string(),
  keys: z.array(KeptKey),
  kept: z.array(Kept),
  retention: z.object({
    /** Days that an ended task keeps its text as it was streamed. */
    days: z.number().int(),
    /** Bytes of the database above which it goes sooner, and that parked conversations may take. */
    databaseBytes: z.number().int(),
    parkedBytes: z.number().int(),
  }),
  /** Connections to other machines, ever; what is open counts without its traffic. Bytes. */
  egress: z.object({
    connections: z.number().int(),
    sent: z.number().int(),
    received: z.number().int(),
    lastAt: z.number().int().nullable(),
  }),
  trust: Trust,
});
export type Privacy = z.infer<typeof Privacy>;

export const privacyMethods = {
  /** What is kept of a person, where, and who can read it. */
  'privacy/show': { params: z.object({}), result: Privacy },
} as const;
