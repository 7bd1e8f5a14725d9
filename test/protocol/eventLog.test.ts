import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventLog } from '../../protocol/eventLog.ts';
import type { TaskEvent } from '../../protocol/events.ts';

const text = (seq: number, turn = 1): TaskEvent => ({
  taskId: 't',
  seq,
  at: 0,
  type: 'text',
  data: { turn, text: `${seq}` },
});
const started = (seq: number): TaskEvent => ({
  taskId: 't',
  seq,
  at: 0,
  type: 'started',
  data: { attempt: 1, model: 'm' },
});
const usage = { promptTokens: 0, cachedTokens: 0, generatedTokens: 0, firstTokenMs: 0, durationMs: 0 };
const turn = (seq: number): TaskEvent => ({
  taskId: 't',
  seq,
  at: 0,
  type: 'turn',
  data: { turn: 1, text: 'all', usage },
});

test('events are taken in order; doubles and gaps are not', () => {
  const log = createEventLog();
  assert.equal(log.add(text(1)), 'added');
  assert.equal(log.add(text(3)), 'gap');
  assert.equal(log.lastSeq, 1);
  assert.equal(log.add(text(2)), 'added');
  assert.equal(log.add(text(2)), 'known');
  assert.equal(log.add(text(3)), 'added');
  assert.deepEqual(
    log.events.map(({ seq }) => seq),
    [1, 2, 3],
  );
});

test('a whole turn replaces its pieces, and leaves those of an attempt that broke off', () => {
  const log = createEventLog();
  for (const event of [started(1), text(2), started(3), text(4), text(5, 2), turn(6)]) log.add(event);
  assert.deepEqual(
    log.events.map(({ seq }) => seq),
    [1, 2, 3, 5, 6],
  );
  assert.equal(log.lastSeq, 6);
});
