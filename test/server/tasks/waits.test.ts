import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type WaitRow, waitsOf } from '../../../server/tasks/waits.ts';

const NOW = new Date(2026, 10, 23, 9, 5).getTime();
const row: WaitRow = {
  status: 'pending',
  attempts: 0,
  not_before: 0,
  blockers: 0,
  reason: null,
  waits_for: null,
  waits_review: null,
  queue_paused: 0,
};

test('why a task waits is said in words, with times of the day', () => {
  const words: Array<[Partial<WaitRow>, string | null]> = [
    [{}, 'waits for its turn'],
    [{ queue_paused: 1 }, 'the queue is paused'],
    [{ reason: 'waits for memory' }, 'waits for memory'],
    [{ reason: 'waits for memory', queue_paused: 1 }, 'the queue is paused'],
    [{ status: 'blocked', blockers: 1, waits_for: 3 }, 'waits for #3'],
    [{ status: 'blocked', blockers: 1, waits_for: 3, waits_review: 1 }, 'waits for your review of #3'],
    [{ status: 'blocked', blockers: 3, waits_for: 3 }, 'waits for #3 and 2 more'],
    [{ status: 'paused', reason: 'held: #3 failed' }, 'held: #3 failed'],
    [{ status: 'delayed', attempts: 1, not_before: new Date(2026, 10, 23, 10, 31).getTime() }, 'retries at 10:31'],
    [{ status: 'delayed', not_before: new Date(2026, 10, 23, 22, 0).getTime() }, 'not before 22:00'],
    [{ status: 'delayed', not_before: new Date(2026, 10, 24, 7, 3).getTime() }, 'not before 2026-11-24 07:03'],
    [{ status: 'running', reason: 'x', queue_paused: 1 }, null],
    [{ status: 'done' }, null],
  ];
  for (const [change, expected] of words) assert.equal(waitsOf({ ...row, ...change }, NOW), expected);
});
