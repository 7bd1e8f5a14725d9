import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { markConflicts, merge } from '../../../../server/agents/proposals/merge.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const base = lines('1', '2', '3', '4', '5', '6', '7');
const clean = (text: string | null) => ({ clean: true, text });

test('changes of lines apart from each other are both kept, with the ends that each line has', () => {
  const ours = base.replace('3\n', 'three\r\n');
  const theirs = `\uFEFF${base.replace('6\n', '')}end`;
  // The mark is in the first line, the end behind the last.
  assert.deepEqual(merge({ base, ours, theirs }), clean(`\uFEFF1\n2\nthree\r\n4\n5\n7\nend`));
});

test('one side alone, both alike, and files that come and go', () => {
  const sides = [
    [{ base, ours: base, theirs: 'x' }, 'x'],
    [{ base, ours: 'x', theirs: base }, 'x'],
    [{ base, ours: 'x', theirs: 'x' }, 'x'],
    [{ base, ours: base, theirs: null }, null],
    [{ base, ours: null, theirs: null }, null],
    [{ base: null, ours: null, theirs: 'x' }, 'x'],
    [{ base: null, ours: 'x', theirs: 'x' }, 'x'],
  ] as const;
  for (const [given, text] of sides) assert.deepEqual(merge(given), clean(text));
});

test('the same lines, lines side by side, and a change of what is gone are for a person', () => {
  const ways: [string | null, string | null, string | null][] = [
    [base, base.replace('3', 'three'), base.replace('3', 'drei')],
    [base, base.replace('3', 'three'), base.replace('4', 'four')],
    [base, null, base.replace('3', 'three')],
    [base, base.replace('3', 'three'), null],
    [null, 'mine', 'theirs'],
    ['a', 'a\nb', 'a\nc'],
    ['', 'a', 'b'],
  ];
  for (const [from, ours, theirs] of ways) assert.deepEqual(merge({ base: from, ours, theirs }), { clean: false });
});

test('a conflict is marked as git does, and nothing else is', () => {
  const ours = base.replace('3\n', 'three\n').replace('6\n', 'six\n');
  const theirs = base.replace('3\n', 'drei\n').replace('1\n', 'one\n');
  const marked = lines(
    'one',
    '2',
    '<<<<<<< on disk',
    'three',
    '=======',
    'drei',
    '>>>>>>> task 4',
    '4',
    '5',
    'six',
    '7',
  );
  const names = { ours: 'on disk', theirs: 'task 4' };
  assert.equal(markConflicts({ base, ours, theirs }, names), marked);
  assert.equal(markConflicts({ base, ours: null, theirs }, names), null);
  assert.equal(
    markConflicts({ base: 'a\r\n', ours: 'b\r\n', theirs: 'c' }, names),
    '<<<<<<< on disk\r\nb\r\n=======\r\nc\r\n>>>>>>> task 4\r\n',
  );
});

test('large files cost what their changes cost; what differs in too much is for a person', () => {
  const large = Array.from({ length: 100_000 }, (_, n) => `line ${n}\n`);
  const changed = (at: number, text: string) => large.with(at, text).join('');
  const merged = merge({ base: large.join(''), ours: changed(10, 'a\n'), theirs: changed(2000, 'b\n') });
  assert.deepEqual(merged, clean(large.with(10, 'a\n').with(2000, 'b\n').join('')));
  const other = large.map((line) => `x${line}`).join('');
  assert.deepEqual(merge({ base: large.join(''), ours: other, theirs: changed(0, 'b\n') }), { clean: false });
});

test('names of objects are lines like others', () => {
  const text = lines('constructor', '__proto__', 'toString', 'x');
  const given = { base: text, ours: text.replace('x', 'y'), theirs: `hasOwnProperty\n${text}` };
  assert.deepEqual(merge(given), clean(`hasOwnProperty\n${text.replace('x', 'y')}`));
});

test('each side comes out the same whichever is called ours', () => {
  const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'd'), { maxLength: 8 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, text, text, (from, ours, theirs) => {
      const one = merge({ base: from, ours, theirs });
      assert.deepEqual(merge({ base: from, ours: theirs, theirs: ours }), one);
    }),
    { seed: 5, numRuns: 500 },
  );
});
