/**
 * npm run test:crash [-- --rounds 200] [--seed 1] [--clients 0] [--containers]: kills a real server and its workers at random moments of real
 * work, beside so many clients that ask without a pause, then
 * holds what is there against what was acknowledged. The last line is a summary in JSON; exit code 1 when anything was
 * lost, done twice or is not as it should be, and then the folder of the run is kept. With --containers workers run in containers
 * of a real dockerd, which is killed in its turn, and no container may be left.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.ts';

/** What `test/e2e/crash/rounds.ts` gives: tests import scripts, so a script names a test's types itself. */
interface Rounds {
  runCrashRounds(options: {
    rounds: number;
    seed: number;
    folder: string;
    clients: number;
    engine?: AsyncDisposable;
    onRound?: (round: number, moment: string, victim: string) => void;
  }): Promise<{ verdict: Record<string, string[]> }>;
  isFlawless(verdict: Record<string, string[]>): boolean;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string' },
    clients: { type: 'string', default: '0' },
    containers: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const clients = Number(values.clients);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed) || !(clients >= 0)) {
  console.error('--rounds is a number of rounds from 1 up, --seed and --clients are whole numbers.');
  process.exit(64);
}

await ensureBuilt();
const program = new URL('../test/e2e/crash/rounds.ts', import.meta.url).href;
const { runCrashRounds, isFlawless } = (await import(program)) as Rounds;
const engine = values.containers ? await crashContainers() : undefined;
const folder = await mkdtemp(join(tmpdir(), 'ospain2-crash-'));
const started = performance.now();
console.error(`seed ${seed}, in ${folder}`);
const summary = await runCrashRounds({
  rounds,
  seed,
  folder,
  clients,
  ...(engine && { engine }),
  onRound: (round, moment, victim) => console.error(`${round} of ${rounds}: ${moment}, ${victim} killed`),
});
let isClean = true;
try {
  await engine?.[Symbol.asyncDispose]();
} catch (thrown) {
  isClean = false;
  console.error(String(thrown));
}
const faults = Object.fromEntries(Object.entries(summary.verdict).map(([name, found]) => [name, found.length]));
for (const [name, found] of Object.entries(summary.verdict))
  for (const fault of found.slice(0, 20)) console.error(`${name}: ${fault}`);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(JSON.stringify({ ...summary, verdict: undefined, ...faults, seconds }));
if (isFlawless(summary.verdict) && isClean) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
else process.exitCode = 1;

async function crashContainers(): Promise<AsyncDisposable> {
  const { crashContainers } = (await import(new URL('../test/e2e/crash/containers.ts', import.meta.url).href)) as {
    crashContainers(): Promise<AsyncDisposable>;
  };
  return crashContainers();
}
