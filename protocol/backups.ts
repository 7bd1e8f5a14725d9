import { z } from 'zod';

/** Where a backup lies; absolute path. */
const File = z.object({ path: z.string().min(1).max(4096) });
const Written = z.object({ path: z.string(), bytes: z.number().int(), tasks: z.number().int() });

export const backupMethods = {
  /** Writes a copy of the workspace's database, encrypted with the workspace's key; never over a file that is there. */
  'backup/create': { params: File, result: Written },
  /** Verifies a backup, keeps what is there beside it, and puts the backup in its place; the server goes on with it. */
  'backup/restore': {
    params: File,
    result: z.object({
      tasks: z.number().int(),
      /** Whether the queue is paused now: where tasks wait in a backup they may have run since, so a person decides. */
      paused: z.boolean(),
      /** Where the database that was replaced is kept. */
      kept: z.string(),
    }),
  },
  /** Writes everything a person wrote as plain JSON lines, for other tools. `confirm` is there so that nobody does it by chance. */
  'backup/export': { params: File.extend({ confirm: z.literal('plain text') }), result: Written },
} as const;

export const backupNotifications = {
  /** Server to every client, when the database was replaced: what a client knew may be gone, so it asks for all again. */
  'backup/didRestore': z.object({}),
} as const;
