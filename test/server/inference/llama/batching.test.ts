import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BatchItem, Token } from 'node-llama-cpp';
import { createBatching } from '../../../../server/inference/llama/batching.ts';

const item = (length: number): BatchItem => ({
  tokens: Array.from({ length }, (_, at) => at as Token),
  logits: [],
  evaluationPriority: 5,
});

test('waits for all who speak, and then takes what all want', () => {
  const crowd = { speaking: 3 };
  const batching = createBatching(crowd);
  const items = [item(1), item(1)];
  assert.deepEqual(batching({ items, size: 512 }), []);
  items.push(item(64));
  assert.deepEqual(
    batching({ items, size: 512 }).map(({ item, processAmount }) => [items.indexOf(item), processAmount]),
    [
      [0, 1],
      [1, 1],
      [2, 64],
    ],
  );
});

test('does not wait for ever for one who does not come', () => {
  const batching = createBatching({ speaking: 2 });
  const items = [item(1)];
  for (let time = 0; time < 2; time++) {
    let looks = 0;
    while (batching({ items, size: 512 }).length === 0) assert.ok(++looks < 1000);
    assert.ok(looks > 10);
  }
});

test('never takes more than fits', () => {
  const taken = createBatching({ speaking: 0 })({ items: [item(400), item(400), item(1)], size: 512 });
  assert.deepEqual(
    taken.map(({ processAmount }) => processAmount),
    [400, 112],
  );
});
