import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { OspainError } from '../../protocol/index.ts';
import type { CommandEnd, CommandRequest, Ending } from './command.ts';
import { createOutput, MAX_OUTPUT } from './output.ts';
import { markedProcesses, processTree } from './processTree.ts';
import { type Program, taskkill } from './windowsShell.ts';

/** Every process of the command inherits it, so that those which left its tree are found. */
const MARK = 'OSPAIN2_COMMAND';

export interface OpenDeps {
  program: Program;
  env: NodeJS.ProcessEnv;
  cwd: string;
  platform: NodeJS.Platform;
}

/** Runs a command as the person would: nothing is between it and the machine, so a person has agreed to it. */
export async function runOpen({ program, env, cwd, platform }: OpenDeps, request: CommandRequest): Promise<CommandEnd> {
  const { signal } = request;
  signal.throwIfAborted();
  const mark = `${MARK}=${randomUUID()}`;
  const child = spawn(program.file, program.args, {
    cwd,
    env: { ...env, [MARK]: mark.slice(MARK.length + 1) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: program.verbatim === true,
  });
  const output = createOutput({ limit: request.maxOutput, ...(request.onText ? { onText: request.onText } : {}) });
  let ending: Ending = 'itself';
  const endAs = (why: Ending): void => {
    if (ending === 'itself') ending = why;
    endTree(child, mark, platform);
  };
  const abort = (): void => endTree(child, mark, platform);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output.push(bytes);
      if (output.size > MAX_OUTPUT) endAs('output');
    });
  }
  const timer = setTimeout(() => endAs('time'), request.timeoutMs);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (cause) =>
        reject(new OspainError('unavailable', 'The shell could not be started.', { cause })),
      );
      // What it left in the background holds the pipes open; it ends with the command.
      child.once('exit', () => endTree(child, mark, platform));
      child.once('close', (code) => resolve(code));
    });
    signal.throwIfAborted();
    output.end();
    return {
      ending,
      code: ending === 'itself' ? code : null,
      output: output.text(),
      changes: [],
      left: [],
      complete: true,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** The command's processes, those in sessions of their own and those whose parents ended among them. */
function endTree({ pid }: ChildProcess, mark: string, platform: NodeJS.Platform): void {
  if (pid === undefined) return;
  if (platform === 'win32') {
    const { file, args } = taskkill(pid);
    spawnSync(file, args, { windowsHide: true, stdio: 'ignore' });
    return;
  }
  const tree = platform === 'linux' ? processTree(pid) : [];
  // The group: its number is that of the shell, also when that one ended.
  for (const one of [-pid, ...tree]) kill(one);
  if (platform !== 'linux') return;
  // One that is being started while the others are ended shows up in the next round.
  for (let round = 0; round < 20; round++) {
    const left = markedProcesses(mark);
    if (left.length === 0) return;
    left.forEach(kill);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
