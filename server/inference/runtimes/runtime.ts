import type { Readable, Writable } from 'node:stream';
import type { OspainError } from '../../../protocol/index.ts';
import type { ProcessMemory } from './processMemory.ts';

/** How a worker ended; both null when it never began, or nobody can tell. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it is called where the runtime knows more than a code or a signal says. */
  failure?: OspainError;
}

/** A started worker program, wherever it runs. */
export interface RunningWorker {
  /** What it is called in logs: the number of its process, or the name of its container. */
  readonly name: string;
  /** Null for one that is no process of this machine's own, or not yet. */
  readonly pid: number | null;
  /** The name of its container; null where it has none. */
  readonly container: string | null;
  readonly input: Writable;
  readonly output: Readable;
  readonly errors: Readable;
  /** The descriptor here of the memory file that it has open too, for whoever started it to close; null where there is none. */
  readonly memoryFile: number | null;
  /** Resolves when it is gone and everything it said was read. */
  readonly exited: Promise<Exit>;
  /** How the worker calls a file of this machine. */
  pathOf(file: string): string;
  /** What it takes; null where nobody can tell. */
  memory(): ProcessMemory | null;
  kill(): void;
}

/** What a worker is started for. */
export interface Wanted {
  /** Absolute path of the model file that it will load; a part of a split one stands for all. */
  file: string;
  /** Bytes that it is let into memory with. */
  need: number;
}

/** Where workers run. */
export interface WorkerRuntime {
  /** Throws `worker_failed` when the worker cannot be started, or has it exit with a failure that says why. */
  start(wanted?: Wanted): RunningWorker;
  /** Whether a worker can reach builds of llama.cpp for graphics processors. */
  readonly hasBackends: boolean;
  /** Why no worker can be started for the moment; null when nothing is known against it. */
  readonly obstacle: OspainError | null;
  /** Ends what is kept for workers to come, and resolves when it is gone. */
  dispose(): Promise<void>;
}
