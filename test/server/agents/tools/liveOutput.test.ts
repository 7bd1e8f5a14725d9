import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLiveOutput } from '../../../../server/agents/tools/liveOutput.ts';

function bench(emit?: (text: string) => void) {
  const told: string[] = [];
  const clock = { now: 0 };
  const live = createLiveOutput(emit ?? ((text) => told.push(text)), () => clock.now);
  return { told, clock, live };
}

test('the first text is told at once, what follows twice a second, and the rest at the end', () => {
  const { told, clock, live } = bench();
  live.tell('a\n');
  live.tell('b\n');
  clock.now = 499;
  live.tell('c\n');
  assert.deepEqual(told, ['a\n']);
  clock.now = 500;
  live.tell('d\n');
  live.tell('e\n');
  assert.deepEqual(told, ['a\n', 'b\nc\nd\n']);
  live.end();
  live.end();
  assert.deepEqual(told, ['a\n', 'b\nc\nd\n', 'e\n']);
});

test('a command that says much is not all in the log', () => {
  const { told, clock, live } = bench();
  for (let line = 0; line < 100; line++) {
    clock.now += 1000;
    live.tell(`${'x'.repeat(999)}\n`);
  }
  live.end();
  const all = told.join('');
  assert.ok(all.length < 32_800);
  assert.match(all, /x…\n$/);
});

test('when the task is taken away there is nothing more to tell', () => {
  let tries = 0;
  const { live } = bench(() => {
    tries++;
    throw new Error('lease lost');
  });
  live.tell('a\n');
  live.tell('b\n');
  live.end();
  assert.equal(tries, 1);
});
