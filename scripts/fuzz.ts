import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/*
 * npm run fuzz [-- --minutes N] [--target NAME …] [--seed S] [--inputs N]: puts damaged and senseless input to everything that
 * reads what others wrote (test/fuzz/), and prints a line for each target. The time is shared by the targets; with `--inputs`
 * each gets that many instead. The same seed makes the same inputs. Exits with 1 when something was found.
 */
/** What `test/support/fuzz/watch.ts` gives: tests import scripts, so a script names a test's types itself. */
interface Watch {
  targetNames(): string[];
  fuzz(target: string, options: { seed: number; goOn(inputs: number): boolean }): Promise<Fuzzed>;
}

interface Fuzzed {
  target: string;
  inputs: number;
  seconds: number;
  slowest: number;
  grown: number;
  finding: { what: string; seed: number; path: string; input: string } | null;
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    inputs: { type: 'string' },
    target: { type: 'string', multiple: true },
    seed: { type: 'string' },
  },
});
const { fuzz, targetNames } = (await import(new URL('../test/support/fuzz/watch.ts', import.meta.url).href)) as Watch;
const known = targetNames();
const names = values.target ?? known;
const unknown = names.filter((name) => !known.includes(name));
const minutes = Number(values.minutes);
const inputs = values.inputs === undefined ? null : Number(values.inputs);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
if (unknown.length > 0 || !(minutes > 0) || !Number.isSafeInteger(seed) || (inputs !== null && !(inputs > 0))) {
  console.error(unknown.length > 0 ? `There is no target ${unknown.join(', ')}.` : 'That is no number.');
  console.error(`There is: ${known.join(', ')}.`);
  process.exit(64);
}

console.log(`seed ${seed}, ${inputs === null ? `${minutes} min` : `${inputs} inputs each`}, ${names.length} targets`);
const all: Fuzzed[] = [];
for (const name of names) {
  const until = performance.now() + (minutes * 60_000) / names.length;
  const goOn = (done: number) => (inputs === null ? performance.now() < until : done < inputs);
  all.push(await fuzz(name, { seed, goOn }));
  tell(all.at(-1));
}
const found = all.filter(({ finding }) => finding !== null).length;
const total = all.reduce((sum, { inputs }) => sum + inputs, 0);
const slowest = all.reduce((most, one) => Math.max(most, one.slowest), 0);
console.log(
  `${total} inputs over ${all.length} targets, ${found} findings; the slowest took ${Math.round(slowest)} ms of CPU`,
);
process.exitCode = found > 0 ? 1 : 0;

function tell(done: Fuzzed | undefined): void {
  if (done === undefined) return;
  const { target, inputs, seconds, slowest, grown, finding } = done;
  const rate = Math.round(inputs / seconds);
  const figures = [
    `${inputs} inputs`,
    `${rate}/s`,
    `slowest ${slowest.toFixed(1)} ms`,
    `${(grown / 2 ** 20).toFixed(1)} MiB`,
  ];
  console.log(`${finding === null ? 'ok   ' : 'FOUND'} ${target.padEnd(14)} ${figures.join(', ')}`);
  if (finding === null) return;
  const [first = ''] = finding.what.split('\n');
  console.log(`${finding.what.replaceAll(/^/gm, '      ')}`);
  console.log(
    `      again: npm run fuzz -- --target ${target} --seed ${finding.seed} --inputs 1   (path ${finding.path})`,
  );
  // For test/fuzz/found.test.ts.
  console.log(
    `      found(${JSON.stringify(target)}, ${JSON.stringify(first.slice(0, 100))}, ${finding.input.slice(0, 4000)});`,
  );
}
