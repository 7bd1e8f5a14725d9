import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilGivenUp } from '../../../server/inference/giveUp.ts';

test('the result comes through, or the failure', async () => {
  const { signal } = new AbortController();
  assert.equal(await untilGivenUp(Promise.resolve(7), signal), 7);
  await assert.rejects(untilGivenUp(Promise.reject(new Error('no')), signal), /no/);
});

test('giving up does not wait, and later failures are nobody’s', async () => {
  const abort = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const waiting = untilGivenUp(promise, abort.signal);
  abort.abort('enough');
  await assert.rejects(waiting, (reason) => reason === 'enough');
  await assert.rejects(untilGivenUp(promise, abort.signal), (reason) => reason === 'enough');
  reject(new Error('too late'));
  await new Promise(setImmediate);
});
