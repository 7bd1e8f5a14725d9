import { readdirSync } from 'node:fs';
import type { Bench } from './measure.ts';

/*
 * npm run bench [-- NAME …] [-- NAME --option value …]: prints one line of JSON for each measure; without a name runs every
 * bench but the long ones. Options are those of the one bench that is named.
 * Ratios come from one interleaved run, since single timings on a busy machine say little.
 */
const folder = new URL('../test/bench/', import.meta.url);
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
/** Ten minutes and more: only by name. */
const long: ReadonlySet<string> = new Set(['soak']);
const given = process.argv.slice(2);
const firstOption = given.findIndex((arg) => arg.startsWith('--'));
const asked = firstOption < 0 ? given : given.slice(0, firstOption);
const options = given.slice(asked.length);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There is: ${known.join(', ')}.`);
  process.exit(64);
}
if (options.length > 0 && asked.length !== 1) {
  console.error('Options are those of one bench: name it before them.');
  process.exit(64);
}
const usual = known.filter((name) => !long.has(name));
if (asked.length === 0) console.error(`Left out, since they take long: ${[...long].join(', ')}.`);
for (const bench of asked.length > 0 ? asked : usual) {
  const { default: run } = (await import(new URL(`${bench}.bench.ts`, folder).href)) as { default: Bench };
  await run((measure) => console.log(JSON.stringify({ bench, ...measure })), options);
}
