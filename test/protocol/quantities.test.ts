import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, formatBytes, formatMs, oneLine } from '../../protocol/quantities.ts';

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
  assert.equal(counted(1, 'file'), '1 file');
  assert.equal(counted(0, 'file'), '0 files');
  assert.equal(counted(1234, 'task'), '1,234 tasks');
});

test('one line of a text', () => {
  assert.equal(oneLine('  a\r\nb', 10), 'a');
  assert.equal(oneLine('abcdefghij', 5), 'abcd…');
  assert.equal(oneLine('', 5), '');
});
