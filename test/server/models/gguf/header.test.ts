import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { MAX_READ, WINDOW } from '../../../../server/models/gguf/limits.ts';
import type { FuzzReport } from './fuzzing.ts';

const HEADERS = 10_000;
const MEMORY = 64e6;

/** In a process of its own, so that its memory tells of nothing else. */
async function fuzz(seed: number): Promise<FuzzReport> {
  const child = fork(new URL('fuzzing.ts', import.meta.url), [String(seed), String(HEADERS)], {
    execArgv: ['--expose-gc'],
  });
  const told = once(child, 'message');
  const [code, signal] = await once(child, 'exit');
  assert.deepEqual([code, signal], [0, null]);
  const [report] = await told;
  return report as FuzzReport;
}

test(`${HEADERS} damaged headers are read or refused, with little memory and work`, { timeout: 120_000 }, async () => {
  const report = await fuzz(1);
  assert.equal(report.read + report.refused, HEADERS);
  assert.ok(report.read > HEADERS / 50, `only ${report.read} were read`);
  assert.ok(report.reasons > 25, `only ${report.reasons} different reasons`);
  assert.ok(report.largestRequest <= WINDOW, `${report.largestRequest} bytes at once`);
  assert.ok(report.mostRead <= MAX_READ, `${report.mostRead} bytes read`);
  assert.ok(report.mostGrown < MEMORY, `grown by ${report.mostGrown} bytes: ${report.worst}`);
});
