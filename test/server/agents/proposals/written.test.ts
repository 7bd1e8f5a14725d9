import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WrittenEdit } from '../../../../server/agents/proposals/store.ts';
import { takeBack } from '../../../../server/agents/proposals/written.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const edit = (number: number, task: number, before: string | null, after: string | null): WrittenEdit => ({
  ...{ number, task, path: 'a.ts', before, after, mode: null },
});
const zero = lines('1', '2', '3', '4', '5');
const one = zero.replace('1', 'one');
const both = one.replace('5', 'five');

test('the last edit goes exactly, the first from under what came after it', () => {
  const edits = [edit(1, 7, zero, one), edit(2, 8, one, both)];
  assert.deepEqual(takeBack(8, edits.slice(1), both), { clean: true, text: one, mode: null, others: [] });
  const without = zero.replace('5', 'five');
  assert.deepEqual(takeBack(7, edits, both), {
    clean: true,
    text: without,
    mode: null,
    others: [edit(2, 8, zero, without)],
  });
});

test('a later task that undid the first by hand, and is then undone itself, leaves the first text', () => {
  const first = takeBack(7, [edit(1, 7, zero, one), edit(2, 8, one, zero)], zero);
  assert.deepEqual(first, { clean: true, text: zero, mode: null, others: [edit(2, 8, zero, zero)] });
  assert.ok(first.clean);
  assert.deepEqual(takeBack(8, first.others, first.text), { clean: true, text: zero, mode: null, others: [] });
});

test('what a person changed in between and afterwards stays', () => {
  const byHand = one.replace('3', 'three');
  const edits = [edit(1, 7, zero, one), edit(2, 8, byHand, byHand.replace('5', 'five'))];
  const now = `${byHand.replace('5', 'five')}6\n`;
  const taken = takeBack(7, edits, now);
  assert.deepEqual(taken.clean && taken.text, lines('1', '2', 'three', '4', 'five', '6'));
});

test('who changed the same lines is in the way, by number or by hand', () => {
  const later = one.replace('one', 'ONE');
  const byTask = takeBack(7, [edit(1, 7, zero, one), edit(2, 8, one, later)], later);
  assert.deepEqual(byTask.clean === false && [byTask.task, byTask.sides], [
    8,
    { base: one, ours: later, theirs: zero },
  ]);
  const byHand = takeBack(7, [edit(1, 7, zero, one)], later);
  assert.deepEqual(byHand.clean === false && [byHand.task, byHand.sides], [
    undefined,
    { base: one, ours: later, theirs: zero },
  ]);
});

test('several edits of one task go together, and a file that it deleted comes back as it was', () => {
  const edits = [edit(1, 7, zero, one), edit(2, 8, one, both), { ...edit(3, 7, both, null), mode: 0o755 }];
  const without = zero.replace('5', 'five');
  assert.deepEqual(takeBack(7, edits, null), {
    ...{ clean: true, text: without, mode: 0o755 },
    others: [edit(2, 8, zero, without)],
  });
});
