import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '../temp.ts';
import { type Finding, showInput } from './batch.ts';
import type { Asked, BatchReport } from './program.ts';
import { targetNamed } from './targets.ts';

export { targetNames } from './targets.ts';

/** What fuzzing one target came to. */
export interface Fuzzed {
  target: string;
  seed: number;
  inputs: number;
  seconds: number;
  /** CPU of the slowest input, milliseconds. */
  slowest: number;
  /** Bytes by which what is held grew from the first batches to the last. */
  grown: number;
  finding: Finding | null;
}

export interface FuzzOptions {
  seed: number;
  /** Whether another batch is to run, after so many inputs. */
  goOn(inputs: number): boolean;
  /** Inputs of a batch, where it is to be another number than the target's own. */
  batch?: number;
  /** A process that others use too; else it is one of the target's own. */
  within?: Watched;
}

const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url));
/** Milliseconds of CPU, and of the clock, after which an input that is not over never will be. */
const MOST_CPU = 10_000;
const MOST_WAIT = 60_000;
const LOOK = 250;
/** Bytes: what a run may hold more at its end than when it was warm. Code that is compiled and caches take some. */
const MOST_GROWN = 24 * 2 ** 20;
const MEMORY_MB = 768;
/** Inputs that are tried when one that ended the process is made smaller. */
const TRIES = 60;

/** Fuzzes one target in a process of its own, a batch with each seed from this one on, until something is found. */
export async function fuzz(name: string, { seed, goOn, batch, within }: FuzzOptions): Promise<Fuzzed> {
  const started = performance.now();
  const { batch: own } = await targetNamed(name);
  const watched = within ?? (await watch());
  let [inputs, slowest, batches, first, last] = [0, 0, 0, 0, 0];
  let finding: Finding | null = null;
  try {
    while (finding === null && (batches === 0 || goOn(inputs))) {
      const chosen = { name, seed: seed + batches, runs: batch ?? own };
      const end = await watched.run(chosen);
      if ('died' in end) {
        finding = await smallest(name, { what: end.died, seed: chosen.seed, path: String(end.at - 1), input: '' });
        inputs += end.at;
        break;
      }
      batches += 1;
      inputs += end.inputs;
      slowest = Math.max(slowest, end.slowest);
      last = end.held;
      if (batches <= WARM) first = Math.max(first, end.held);
      finding = end.finding;
    }
  } finally {
    if (within === undefined) await watched.end();
  }
  const grown = batches > WARM ? last - first : 0;
  if (finding === null && grown > MOST_GROWN) {
    const what = `It holds ${(grown / 2 ** 20).toFixed(1)} MiB more after ${inputs} inputs than after the first ones.`;
    finding = { what, seed, path: '', input: `${batches} batches` };
  }
  return { target: name, seed, inputs, seconds: (performance.now() - started) / 1000, slowest, grown, finding };
}

/** Batches that make it warm. */
const WARM = 3;

export interface Watched {
  run(asked: Asked): Promise<BatchReport | Death>;
  end(): Promise<void>;
}

/** How a process ended, and at which of its inputs, from 1. */
interface Death {
  died: string;
  at: number;
}

/** Starts a process for targets. */
export async function watch(): Promise<Watched> {
  const folder = tempFolder('fuzz');
  const progress = join(folder.path, 'begun');
  const child = fork(PROGRAM, [progress], {
    execArgv: ['--expose-gc', `--max-old-space-size=${MEMORY_MB}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors = (errors + String(chunk)).slice(-4000);
  });
  const exited = once(child, 'exit');
  const numberAt = (place: 0 | 8): number => {
    const bytes = existsSync(progress) ? readFileSync(progress) : Buffer.alloc(0);
    return bytes.length < 16 ? 0 : Number(bytes.readBigUInt64LE(place));
  };
  const over = exited.then(([code, signal]) => `It ended the process (${signal ?? code}).\n${errors}`);
  const ready = await Promise.race([once(child, 'message'), over]);
  if (typeof ready === 'string') throw new Error(`No target can be opened. ${ready}`);

  return {
    async run(asked) {
      const answer = once(child, 'message').then(([report]) => report as BatchReport);
      child.send(asked);
      const stuck = lookAfter(child, () => numberAt(8));
      try {
        const end = await Promise.race([answer, over, stuck.why]);
        if (typeof end !== 'string') return end;
        return { died: end, at: Math.max(1, numberAt(0)) };
      } finally {
        stuck.stop();
      }
    },
    async end() {
      child.kill('SIGKILL');
      await exited;
      folder[Symbol.dispose]();
    },
  };
}

/** Says when an input takes more time than any may. */
function lookAfter(child: ChildProcess, tried: () => number): { why: Promise<string>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  let [at, since, cpu] = [-1, 0, 0];
  const timer = setInterval(() => {
    const now = tried();
    if (now !== at) [at, since, cpu] = [now, performance.now(), cpuOf(child)];
    else if (cpuOf(child) - cpu > MOST_CPU) resolve(`It took more than ${MOST_CPU} ms of CPU.`);
    else if (performance.now() - since > MOST_WAIT) resolve(`It was not over after ${MOST_WAIT} ms.`);
  }, LOOK);
  return { why: promise, stop: () => clearInterval(timer) };
}

/** Milliseconds; 0 where the system does not say it in a file. Source: proc(5), fields 14 and 15 in ticks of 10 ms. */
function cpuOf({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const text = readFileSync(file, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Makes an input small that ends its process, with a process for each try. */
async function smallest(name: string, finding: Finding): Promise<Finding> {
  let best = finding;
  let tries = 0;
  for (let next = 0; tries < TRIES; next++, tries++) {
    const path = `${best.path}:${next}`;
    const watched = await watch();
    const end = await watched.run({ name, seed: best.seed, runs: 1, path }).finally(watched.end);
    const what = 'died' in end ? end.died : end.finding?.what;
    if (what !== undefined) [best, next] = [{ ...best, path, what }, -1];
    // Nothing is smaller in this way.
    else if ('inputs' in end && end.inputs === 0) break;
  }
  return { ...best, input: showInput(await targetNamed(name), best) };
}
