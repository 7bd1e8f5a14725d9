import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatCount, formatMs, formatRough, oneLine } from '../../protocol/quantities.ts';

test('sizes', () => {
  assert.deepEqual([0, 999, 1000, 2_345_678, 40_000_000, 7_600_000_000].map(formatBytes), [
    '0 B',
    '999 B',
    '1.0 kB',
    '2.3 MB',
    '40 MB',
    '7.6 GB',
  ]);
});

test('times', () => {
  assert.deepEqual([0.4, 120, 1500, 61_000, 3_599_900].map(formatMs), [
    '0 ms',
    '120 ms',
    '1.5 s',
    '1 min 1 s',
    '60 min 0 s',
  ]);
});

test('counts', () => {
  assert.equal(formatCount(1234), '1,234');
  assert.deepEqual([0.1234, 42.19, 123.4, 1234.5].map(formatRough), ['0.123', '42.2', '123', '1,235']);
});

test('one line of a text', () => {
  assert.equal(oneLine('  a\r\nb', 10), 'a');
  assert.equal(oneLine('abcdefghij', 5), 'abcd…');
  assert.equal(oneLine('', 5), '');
});
