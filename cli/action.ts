import type { Context } from './taskCommands.ts';

/** Gives a command its surroundings, and ends them after it. */
export type Action = (
  command: (context: Context, ...args: string[]) => Promise<number>,
  /** `repair`: a server starts also where the database cannot be opened. `runningOnly`: none is started. */
  options?: { repair?: boolean; runningOnly?: boolean },
) => (...parsed: unknown[]) => Promise<void>;
