import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ContextRoom, fitContexts } from '../../../../server/inference/llama/contextRoom.ts';

/** One byte a token. */
const bytesOf = async ({ sequences, contextSize }: ContextRoom) => sequences * contextSize;
const room = (bytes: number | undefined, sequences = 4, contextSize = 8192) =>
  fitContexts({ sequences, contextSize }, bytes, bytesOf);

test('all that was asked for is given where it fits, or where nothing limits it', async () => {
  assert.deepEqual(await room(undefined), { sequences: 4, contextSize: 8192 });
  assert.deepEqual(await room(4 * 8192), { sequences: 4, contextSize: 8192 });
});

test('first there are fewer conversations, but a person keeps one', async () => {
  assert.deepEqual(await room(4 * 8192 - 1), { sequences: 3, contextSize: 8192 });
  assert.deepEqual(await room(2 * 8192), { sequences: 2, contextSize: 8192 });
});

test('then shorter ones, then one alone, then a short one', async () => {
  assert.deepEqual(await room(2 * 8192 - 1), { sequences: 2, contextSize: 4096 });
  assert.deepEqual(await room(2 * 2048), { sequences: 2, contextSize: 2048 });
  assert.deepEqual(await room(2 * 2048 - 1), { sequences: 1, contextSize: 2048 });
  assert.deepEqual(await room(600), { sequences: 1, contextSize: 512 });
});

test('what does not fit at all is tried all the same: the estimate is not exact', async () => {
  assert.deepEqual(await room(0), { sequences: 1, contextSize: 256 });
});
