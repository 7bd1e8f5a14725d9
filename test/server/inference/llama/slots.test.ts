import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { Priority } from '../../../../server/inference/engine.ts';
import { createSlots, type Want } from '../../../../server/inference/llama/slots.ts';
import { listen } from './listener.ts';

/** A request that waits for ever would only end with the whole run. */
const soon = { timeout: 10_000 };

/** Slots over sequences that hold the letters of a text as tokens. */
function open(texts: readonly string[]) {
  const contents = texts.map(tokens);
  const sequences = contents.map((contextTokens) => ({ contextTokens }) as LlamaContextSequence);
  const left = [...sequences];
  const slots = createSlots(texts.length, () => left.shift() as LlamaContextSequence);
  const take = (conversation: string | null, text: string, priority: Priority = 'interactive', listener = listen()) => {
    const want: Want = { conversation, priority, tokensAfter: () => tokens(text) };
    return slots.take(want, listener);
  };
  const indexOf = ({ sequence }: { sequence: LlamaContextSequence }) => sequences.indexOf(sequence);
  return { slots, take, indexOf };
}

const tokens = (text: string) => [...text].map((letter) => letter.charCodeAt(0) as Token);

test('a conversation comes back to its own slot, whatever others hold', soon, async () => {
  const { slots, take, indexOf } = open(['', '']);
  const first = await take('a', 'xyz');
  slots.free(first);
  const other = await take('b', '');
  slots.free(other);
  assert.notEqual(indexOf(other), indexOf(first));
  assert.equal(await take('a', 'abc'), first);
});

test('another one takes the slot that shares most with it, else the one used longest ago', soon, async () => {
  const { slots, take, indexOf } = open(['system one', 'system two', 'else']);
  const taken = await take('new', 'system two and more');
  assert.equal(indexOf(taken), 1);
  slots.free(taken);
  assert.equal(indexOf(await take(null, 'nothing alike')), 0);
});

test('a long conversation is not given up for its beginning', soon, async () => {
  const { take, indexOf } = open(['', 'system: a very long conversation']);
  assert.equal(indexOf(await take('new', 'system: something else')), 0);
});

test('what waits comes in order, interactive requests in front', soon, async () => {
  const { slots, take } = open(['']);
  const held = await take('a', '', 'background');
  const order: string[] = [];
  const come = async (name: string, priority: Priority) => {
    const slot = await take(name, '', priority);
    order.push(name);
    slots.free(slot);
  };
  const all = [
    come('b1', 'background'),
    come('i1', 'interactive'),
    come('b2', 'background'),
    come('i2', 'interactive'),
  ];
  slots.free(held);
  await Promise.all(all);
  assert.deepEqual(order, ['i1', 'i2', 'b1', 'b2']);
});

test('one slot of several is left to interactive requests', soon, async () => {
  const { slots, take } = open(['', '', '']);
  const two = [await take('a', '', 'background'), await take('b', '', 'background')];
  let came = false;
  const third = take('c', '', 'background').then((slot) => {
    came = true;
    return slot;
  });
  const interactive = await take('i', '');
  slots.free(interactive);
  await new Promise(setImmediate);
  assert.ok(!came, 'it took the last slot');
  for (const slot of two) slots.free(slot);
  await third;
});

test('what waits can be cancelled, and is forgotten', soon, async () => {
  const { slots, take } = open(['']);
  const held = await take('a', '');
  const listener = listen();
  const cancelled = take('b', '', 'interactive', listener);
  const next = take('c', '');
  listener.cancel();
  await assert.rejects(cancelled, { code: 'cancelled' });
  slots.free(held);
  assert.equal(await next, held);
  await assert.rejects(take('d', '', 'interactive', listener), { code: 'cancelled' });
});

test('its own slot is waited for, and lost when another one gets it', soon, async () => {
  const { slots, take } = open(['abc', 'x']);
  assert.equal(await slots.takeOwn('a'), null, 'nobody spoke there yet');
  const slot = await take('a', 'abc');
  assert.equal(slots.held('a'), 3);
  assert.equal(slots.held('b'), 0);
  const own = slots.takeOwn('a');
  slots.free(slot);
  assert.equal(await own, slot);

  await take('b', 'x');
  const lost = slots.takeOwn('b');
  const waits = take('c', 'abc');
  const late = slots.takeOwn('a');
  slots.free(slot);
  assert.equal(await waits, slot, 'who wants to speak comes first');
  assert.equal(await late, null);
  assert.equal(await Promise.race([lost, 'it waits']), 'it waits');
});
