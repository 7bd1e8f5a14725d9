import type { Context } from './taskCommands.ts';

/** Gives a command its surroundings, and ends them after it. */
export type Action = (
  command: (context: Context, ...args: string[]) => Promise<number>,
) => (...parsed: unknown[]) => Promise<void>;
