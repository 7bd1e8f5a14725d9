import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { networkWall } from '../../guard/wall.ts';
import { OspainError } from '../../protocol/index.ts';
import { openMemoryFile } from '../storage/memoryFile.ts';

/** How a process ended; both null when it never began. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A started worker program, wherever it runs. */
export interface RunningWorker {
  readonly pid: number;
  readonly input: Writable;
  readonly output: Readable;
  readonly errors: Readable;
  /** The descriptor here of the memory file that it has open too, for whoever started it to close; null where the system has none. */
  readonly memoryFile: number | null;
  /** Resolves when it is gone and everything it said was read. */
  readonly exited: Promise<Exit>;
  kill(): void;
}

/** Where workers run. */
export interface WorkerRuntime {
  /** Throws `worker_failed` when the worker cannot be started. */
  start(): RunningWorker;
}

/** Workers as child processes of the server, run by the server's own Node or Electron. */
export function createProcessRuntime(program: string, env: NodeJS.ProcessEnv = process.env): WorkerRuntime {
  return {
    start() {
      const memoryFile = openMemoryFile();
      // Beside the guard in the worker: native code knows nothing of that one.
      const [command = process.execPath, ...args] = [...networkWall(), process.execPath, program];
      const child = spawn(command, args, {
        // A folder that only holds our own files: some systems look for libraries and write crash dumps here.
        cwd: dirname(program),
        env: workerEnv(env),
        stdio: ['pipe', 'pipe', 'pipe', memoryFile ?? 'ignore'],
        windowsHide: true,
      });
      const exited = new Promise<Exit>((resolve) => {
        child.once('close', (code, signal) => resolve({ code, signal }));
        child.once('error', () => resolve({ code: null, signal: null }));
      });
      const { pid, stdin, stdout, stderr } = child;
      if (pid === undefined || stdin === null || stdout === null || stderr === null) {
        if (memoryFile !== null) closeSync(memoryFile);
        throw new OspainError('worker_failed', 'The worker process could not be started.', {
          hint: 'Check that memory and processes are not used up.',
        });
      }
      // Writing to a process that just died fails here; `exited` tells it.
      stdin.on('error', () => {});
      return {
        pid,
        input: stdin,
        output: stdout,
        errors: stderr,
        memoryFile,
        exited,
        kill: () => void child.kill('SIGKILL'),
      };
    },
  };
}

/** What programs need to start at all. Nothing else is handed on, so that no secret of the environment reaches a worker. */
const INHERITED = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'SystemRoot',
  'windir',
  'TEMP',
  'TMP',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'LANG',
];

function workerEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  return {
    ...inherited,
    ELECTRON_RUN_AS_NODE: '1',
    // More threads make decoding hop between them, which costs a factor of four with two llama.cpp threads.
    UV_THREADPOOL_SIZE: '1',
    // Otherwise a crash starts a debugger, which takes seconds and reads memory with prompts in it.
    GGML_NO_BACKTRACE: '1',
  };
}
