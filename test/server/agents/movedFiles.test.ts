import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMoves } from '../../../server/agents/movedFiles.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const gone = (path: string, before: string) => ({ path, before, after: null });
const made = (path: string, after: string) => ({ path, before: null, after });

test('a deleted and a new file with the same text are one, and half of the text is enough', () => {
  assert.deepEqual(findMoves([gone('a', 'x\r\n'), made('b', 'x\r\n')]), [{ from: 'a', to: 'b' }]);
  const text = lines('one', 'two', 'three', 'four');
  assert.deepEqual(findMoves([gone('a', text), made('b', lines('one', 'two', 'THREE', 'FOUR'))]), []);
  assert.deepEqual(findMoves([gone('a', text), made('b', lines('ONE', 'TWO', 'three', 'four'))]), [
    { from: 'a', to: 'b' },
  ]);
});

test('what is most alike goes together, and each file only once', () => {
  const text = lines('one', 'two', 'three', 'four');
  const near = lines('one', 'two', 'three', '4');
  assert.deepEqual(findMoves([gone('a', near), gone('b', text), made('c', text), made('d', text)]), [
    { from: 'b', to: 'c' },
    { from: 'a', to: 'd' },
  ]);
});

test('what was changed in its place, what is empty and what differs in all its lines was not moved', () => {
  assert.deepEqual(findMoves([{ path: 'a', before: 'x', after: 'x' }, made('b', 'x')]), []);
  assert.deepEqual(findMoves([gone('a', ''), made('b', '')]), []);
  assert.deepEqual(findMoves([gone('a', 'a\n'), made('b', 'b\n')]), []);
});

test('thousands of files are no work for minutes', () => {
  const many = Array.from({ length: 2000 }, (_, n) => [gone(`a${n}`, `${n}\n`), made(`b${n}`, `${n}\n`)]).flat();
  assert.ok(findMoves(many).length >= 1);
});
