import { openSync, writeSync } from 'node:fs';
import { type BatchEnd, type Chosen, runBatch } from './batch.ts';
import { targetNamed } from './targets.ts';

/*
 * The process in which a target runs, apart from the one that watches it: `program.ts FILE`. It is told what to run over
 * IPC, a batch at a time, and writes before each input to the file how many it has begun, so that the one that ends it is known, and how
 * often it has tried one.
 */

export interface Asked extends Chosen {
  /** Of the target. */
  name: string;
}

/** What comes back of a batch. */
export interface BatchReport extends BatchEnd {
  /** Bytes that are held when it is over and nothing is left to collect. */
  held: number;
}

const [progress = ''] = process.argv.slice(2);
const file = openSync(progress, 'w');
const counter = Buffer.alloc(16);
let tries = 0n;

process.on('message', async ({ name, ...chosen }: Asked) => {
  tries = 0n;
  const target = await targetNamed(name);
  const end = await runBatch(target, chosen, (count) => {
    counter.writeBigUInt64LE(BigInt(count));
    counter.writeBigUInt64LE(++tries, 8);
    writeSync(file, counter, 0, counter.length, 0);
  });
  process.send?.({ ...end, held: await held() } satisfies BatchReport);
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

async function held(): Promise<number> {
  // What a batch leaves to be closed is closed by the next turns of the loop.
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
