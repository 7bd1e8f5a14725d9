import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { runBatch } from '../support/fuzz/batch.ts';
import { pure } from '../support/fuzz/target.ts';
import { fuzz, targetNames, type Watched, watch } from '../support/fuzz/watch.ts';

/** Few inputs for each target, the same on every run. `npm run fuzz` is the long way. */
const FEW: Readonly<Record<string, number>> = { core: 25, mcpServers: 15, syntax: 20, http: 40, hubMarkdown: 40 };
const SOME = 30;

describe('a short run of every target finds nothing', { timeout: 120_000 }, () => {
  let within: Watched;
  before(async () => {
    within = await watch();
  });
  after(() => within.end());
  for (const name of targetNames())
    it(name, async () => {
      const { finding, inputs } = await fuzz(name, {
        seed: 20_261_123,
        goOn: () => false,
        batch: FEW[name] ?? SOME,
        within,
      });
      assert.equal(finding, null, JSON.stringify(finding));
      assert.ok(inputs > 0);
    });
});

describe('fuzzing finds what is wrong', { timeout: 60_000 }, () => {
  const text = fc.string({ maxLength: 100 });
  const find = (run: (text: string) => void) => runBatch(pure(text, run), { seed: 1, runs: 2000 }, () => {});

  it('an error without a code, and makes its input small', async () => {
    const { finding } = await find((text) => {
      if (text.includes('q')) throw new TypeError('q');
    });
    assert.equal(finding?.input, '"q"');
    assert.match(finding?.what ?? '', /TypeError: q/);
  });

  it('an input that takes more CPU than any may', async () => {
    const slow = pure(fc.constant('x'), () => {
      const until = process.threadCpuUsage().user + 1_100_000;
      while (process.threadCpuUsage().user < until);
    });
    const { finding } = await runBatch(slow, { seed: 1, runs: 1 }, () => {});
    assert.match(finding?.what ?? '', /ms of CPU/);
  });

  it('the same for a seed', async () => {
    const seen: string[][] = [[], []];
    for (const texts of seen)
      await runBatch(
        pure(text, (one) => void texts.push(one)),
        { seed: 7, runs: 50 },
        () => {},
      );
    assert.deepEqual(seen[0], seen[1]);
  });
});
