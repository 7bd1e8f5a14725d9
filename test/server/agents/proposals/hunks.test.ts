import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ProposalFile } from '../../../../protocol/index.ts';
import { hunksOf, withHunks } from '../../../../server/agents/proposals/hunks.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const file = (before: string | null, after: string | null): ProposalFile => ({ path: 'a.ts', before, after });
const places = (one: ProposalFile) =>
  hunksOf(one).map(({ before, after }) => [before.line, before.count, after.line, after.count]);

test('runs of changed lines, with unchanged ones between them', () => {
  const before = lines('1', '2', '3', '4', '5', '6');
  const after = lines('0', '1', '2', 'three', 'drei', '5', '6!');
  assert.deepEqual(places(file(before, after)), [
    [1, 0, 1, 1],
    [3, 2, 4, 2],
    [6, 1, 7, 1],
  ]);
});

test('a new, a deleted and an empty file are one hunk; none where nothing is changed', () => {
  assert.deepEqual(places(file(null, 'a\nb')), [[1, 0, 1, 2]]);
  assert.deepEqual(places(file('a\n', null)), [[1, 1, 1, 0]]);
  assert.deepEqual(places(file(null, '')), [[1, 0, 1, 0]]);
  assert.deepEqual(places(file('a', 'a')), []);
  assert.deepEqual(places(file(null, null)), []);
  for (const one of [file(null, 'a\nb'), file('a\n', null), file(null, '')]) {
    const [id = ''] = hunksOf(one).map((hunk) => hunk.id);
    assert.equal(withHunks(one, new Set([id])), one.after);
    assert.equal(withHunks(one, new Set()), one.before);
  }
});

test('the others keep their names when one is decided; those alike lose theirs rather than take another', () => {
  const before = lines('a', 'x', 'b', 'x', 'c', '7');
  const after = lines('a', 'y', 'b', 'y', 'c', '8');
  const [first, second, third] = hunksOf(file(before, after)).map(({ id }) => id);
  assert.ok(first && second && third);
  const partly = withHunks(file(before, after), new Set([first]));
  assert.equal(partly, lines('a', 'y', 'b', 'x', 'c', '7'));
  const left = hunksOf(file(partly, after)).map(({ id }) => id);
  assert.deepEqual(left.length, 2);
  assert.equal(left[1], third);
  assert.ok(left[0] !== first && left[0] !== second);
});

test('line ends and the end of a file are changes like others', () => {
  assert.deepEqual(places(file('a\r\nb\r\n', 'a\nb\r\n')), [[1, 1, 1, 1]]);
  assert.deepEqual(places(file('a\nb', 'a\nb\n')), [[2, 1, 2, 1]]);
  assert.deepEqual(places(file('\uFEFFa\n', 'a\n')), [[1, 1, 1, 1]]);
});

test('texts with thousands of changes are one hunk', () => {
  const before = Array.from({ length: 5000 }, (_, n) => `${n}\n`).join('');
  const after = Array.from({ length: 5000 }, (_, n) => (n % 2 === 0 ? `${n}\n` : `x${n}\n`)).join('');
  assert.deepEqual(places(file(before, after)), [[1, 5000, 1, 5000]]);
});

test('all hunks make the one text, none the other, and some of them leave the rest', () => {
  const text = fc
    .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'd\n'), { maxLength: 9 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(text, text, fc.nat(), (before, after, pick) => {
      const whole = file(before, after);
      const ids = hunksOf(whole).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.equal(withHunks(whole, new Set(ids)), after);
      assert.equal(withHunks(whole, new Set()), before);
      const some = new Set(ids.filter((_, index) => (pick >> index) % 2 === 0));
      const partly = withHunks(whole, some);
      const rest = hunksOf(file(partly, after)).length;
      assert.ok(rest <= ids.length, 'what is decided is decided');
    }),
    { seed: 9, numRuns: 500 },
  );
});
