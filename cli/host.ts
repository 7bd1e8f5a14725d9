import type { Refusal } from '../guard/guard.ts';
import type { OutStream } from './screen.ts';

/** What a run of the program takes from its process. */
export interface Host {
  /** Arguments, without the interpreter and the program. */
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  stdout: OutStream;
  stderr: OutStream;
  /** Path of this program, and of the server program. */
  program: string;
  serverProgram: string;
  version: string;
  /** What the guard of this process refused. */
  refused(): readonly Refusal[];
  /** Runs the server program in this process; for the rest of its life. */
  becomeServer(): Promise<void>;
  /** Calls back on Ctrl+C; the returned function stops it. */
  onInterrupt(listener: () => void): () => void;
}
