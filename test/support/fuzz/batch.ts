import fc from 'fast-check';
import { OspainError } from '../../../protocol/index.ts';
import type { Target } from './target.ts';

/** Which inputs of a target: those of a seed, from the beginning or the one that a path of fast-check leads to. */
export interface Chosen {
  seed: number;
  runs: number;
  path?: string | undefined;
}

export interface Finding {
  what: string;
  /** With these the same input is made again. */
  seed: number;
  path: string;
  /** The smallest one that was found, as TypeScript. */
  input: string;
}

export interface BatchEnd {
  inputs: number;
  /** CPU of the slowest input, milliseconds. */
  slowest: number;
  finding: Finding | null;
}

/** Milliseconds of CPU for an input, none of which has more than 64 KiB. */
export const MOST_CPU = 1000;
/** Milliseconds that may go into making a counterexample small. */
const SHRINKING = 60_000;

/**
 * Runs inputs one after the other until one is a finding, and makes that one small. `onInput` is told before each, and how many there
 * were, without those that are tried to make one smaller.
 */
export async function runBatch<Input>(
  target: Target<Input>,
  { seed, runs, path }: Chosen,
  onInput: (count: number) => void,
): Promise<BatchEnd> {
  const session = await target.open();
  let [slowest, count, failed] = [0, 0, false];
  const run = async (input: Input) => {
    const before = process.threadCpuUsage();
    await answered(() => session.run(input));
    const { user, system } = process.threadCpuUsage(before);
    const ms = (user + system) / 1000;
    slowest = Math.max(slowest, ms);
    if (ms > MOST_CPU) throw new Error(`It took ${Math.round(ms)} ms of CPU.`);
  };
  const property = fc.asyncProperty(target.inputs, async (input) => {
    if (!failed) count += 1;
    onInput(count);
    try {
      await run(input);
    } catch (thrown) {
      failed = true;
      throw thrown;
    }
  });
  try {
    const checked = await fc.check(property, {
      ...{ seed, numRuns: runs, interruptAfterTimeLimit: SHRINKING, markInterruptAsFailure: false },
      ...(path !== undefined && { path, endOnFailure: true }),
    });
    const { numRuns, counterexample, counterexamplePath, errorInstance } = checked;
    const finding = checked.failed
      ? {
          what: errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance),
          ...{ seed, path: counterexamplePath ?? '', input: fc.stringify(counterexample?.[0]) },
        }
      : null;
    return { inputs: numRuns, slowest, finding };
  } finally {
    await session.close?.();
  }
}

/** Throws what is no answer: an error of the closed list is one, unless it says that nobody thought of it. */
export async function answered(run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    if (!(thrown instanceof OspainError) || thrown.code === 'internal') throw thrown;
  }
}

/** An input as TypeScript, made anew. */
export function showInput<Input>({ inputs }: Target<Input>, { seed, path }: Pick<Finding, 'seed' | 'path'>): string {
  const [input] = fc.sample(inputs, { seed, path, numRuns: 1 });
  return fc.stringify(input);
}
