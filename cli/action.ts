import type { Context } from './taskCommands.ts';

/** Gives a command its surroundings, and ends them after it. */
export type Action = (
  command: (context: Context, ...args: string[]) => Promise<number>,
  /** `repair`: a server starts also where the database cannot be opened. `runningOnly`: none is started. `asLocked`: one that waits for its passphrase is not unlocked. */
  options?: { repair?: boolean; runningOnly?: boolean; asLocked?: boolean },
) => (...parsed: unknown[]) => Promise<void>;
