import type { Connected, Context } from '../context.ts';

/** One command: bound to the context when the extension starts, called with whatever the caller gave. */
export type Command = (context: Context) => (...args: unknown[]) => unknown;

/** A command that needs the server: it is started if need be, and when it cannot be, the person is told why. */
export const connected =
  (run: (context: Connected, ...args: unknown[]) => unknown): Command =>
  (context) =>
  async (...args) =>
    run({ ...context, client: await context.connection.connect() }, ...args);
