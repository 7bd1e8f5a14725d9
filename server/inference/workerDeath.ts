import type { Readable } from 'node:stream';
import type { OspainError } from '../../protocol/index.ts';
import type { Exit } from './runtimes/runtime.ts';

/** What every request that was open rejects with when the worker's process ends. */
export class WorkerDeath extends Error {
  /** Native code stopped the process, rather than a person, the system or this server. */
  readonly isCrash: boolean;
  /** How it ended, such as `signal SIGABRT`. */
  readonly how: string;
  /** The last thing that the worker said on standard error, one line; may be empty. */
  readonly lastWords: string;
  /** What its runtime knows of it, where that is more. */
  readonly failure: OspainError | null;

  constructor(exit: Exit, lastWords: string) {
    const how = exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
    super(`The worker process ended (${how}).`);
    this.name = 'WorkerDeath';
    this.how = how;
    this.lastWords = lastWords;
    this.failure = exit.failure ?? null;
    this.isCrash = this.failure === null && isCrash(exit);
  }
}

const CRASH_SIGNALS: readonly string[] = ['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP'];
/** On Windows: `abort()` exits with 3, exceptions with an NTSTATUS of severity "error". */
const WINDOWS_ABORT = 3;
const NTSTATUS_ERROR = 0xc0000000;

function isCrash({ code, signal }: Exit): boolean {
  if (signal !== null) return CRASH_SIGNALS.includes(signal);
  return code !== null && (code === WINDOWS_ABORT || code >>> 0 >= NTSTATUS_ERROR);
}

/** Bytes of standard error that are remembered. */
const TAIL = 4096;
const MAX_LINE = 300;

/** Reads a worker's standard error to the end and keeps what a person needs of it: the failed assertion, or the last line. */
export function readLastWords(errors: Readable): () => string {
  let tail = '';
  errors.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL);
  });
  return () => {
    const lines = tail.split('\n').filter((line) => line.trim() !== '');
    return (lines.findLast((line) => line.includes('GGML_ASSERT')) ?? lines.at(-1) ?? '').trim().slice(0, MAX_LINE);
  };
}
