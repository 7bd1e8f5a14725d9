/** A program with a process group of its own, so that all that it started ends with it and nothing else does. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { atExit } from './atExit.ts';

export interface ProcessGroup {
  /** Undefined while the leader runs; otherwise how it ended. */
  ended(): string | undefined;
  /** Asks the group to end, and kills what has not ended after the grace time. */
  dispose(): Promise<void>;
}

export interface ProcessGroupOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Takes what the group prints. */
  readonly logFile: string;
}

const graceMs = 5_000;
const pollMs = 50;

export function startGroup(program: string, args: readonly string[], options: ProcessGroupOptions): ProcessGroup {
  const log = openSync(options.logFile, 'a');
  const child = spawn(program, args, { env: options.env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = signal ?? `exit code ${code}`;
  });
  const callOff = atExit(() => signalGroup(child.pid, 'SIGKILL'));
  const dispose = async (): Promise<void> => {
    const deadline = Date.now() + graceMs;
    let alive = signalGroup(child.pid, 'SIGTERM');
    while (alive && Date.now() < deadline) {
      await delay(pollMs);
      alive = signalGroup(child.pid, 0);
    }
    if (alive) signalGroup(child.pid, 'SIGKILL');
    callOff();
  };
  return { ended: () => ended, dispose };
}

/** Returns whether any process of the group was there to get it. */
function signalGroup(leader: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (leader === undefined) return false;
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}
