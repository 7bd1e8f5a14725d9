import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { networkWall } from '../../../../guard/wall.ts';
import { OspainError } from '../../../../protocol/index.ts';
import { openMemoryFile } from '../../../storage/memoryFile.ts';
import { readProcessMemory } from '../processMemory.ts';
import type { Exit, WorkerRuntime } from '../runtime.ts';
import { WORKER_ENV } from '../workerEnv.ts';

/** Workers as child processes of the server, run by the server's own Node or Electron. */
export function createProcessRuntime(program: string, env: NodeJS.ProcessEnv = process.env): WorkerRuntime {
  return {
    hasBackends: true,
    obstacle: null,
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
        name: String(pid),
        pid,
        container: null,
        input: stdin,
        output: stdout,
        errors: stderr,
        memoryFile,
        exited,
        pathOf: (file) => file,
        memory: () => readProcessMemory(pid),
        kill: () => void child.kill('SIGKILL'),
      };
    },
    dispose: async () => {},
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
    ...WORKER_ENV,
  };
}
