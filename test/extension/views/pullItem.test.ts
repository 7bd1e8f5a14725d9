import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pullLook } from '../../../extension/views/pullItem.ts';
import type { Pull } from '../../../protocol/pulls.ts';

const pull: Pull = {
  id: 'b7',
  source: 'hf:org/repo:Q4_K_M',
  name: null,
  version: 'latest',
  alias: null,
  state: 'running',
  received: 250_000_000,
  total: 1_000_000_000,
  bytesPerSecond: 10_000_000,
  error: null,
  model: null,
  createdAt: 1,
  updatedAt: 2,
};

test('a row tells how much is there, how fast it comes and how long it still takes', () => {
  const look = pullLook(pull);
  assert.equal(look.label, 'hf:org/repo:Q4_K_M');
  assert.equal(look.description, 'running · 25 % of 1.0 GB · 10 MB/s · 1 min 15 s left');
  assert.equal(look.contextValue, 'pull.running');
});

test('without a size, and after a failure', () => {
  assert.equal(pullLook({ ...pull, total: null }).description, 'running · 250 MB');
  const error = { code: 'unavailable' as const, message: 'The host does not answer.', hint: 'Try later.' };
  const failed = pullLook({ ...pull, state: 'failed', error });
  assert.equal(failed.description, 'failed · 25 % of 1.0 GB');
  assert.match(failed.tooltip, /does not answer\\\.\n\nTry later/);
});
