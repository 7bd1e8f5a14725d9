import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHeader } from '../../../../server/models/gguf/header.ts';
import { MAX_READ, MAX_STEPS, WINDOW } from '../../../../server/models/gguf/limits.ts';
import { encodeHeader } from '../../../support/gguf/file.ts';
import { architecture } from './gguf.ts';

const KEY = 'odd.strings';

/** Reads a header whose last value claims that many strings, all of one length: why it was refused, after how many bytes. */
function readStrings(count: bigint, length: number): { read: number; refusal: string } {
  const { bytes } = encodeHeader({ metadata: { ...architecture, [KEY]: { strings: [] } }, tensors: [] });
  bytes.writeBigUInt64LE(count, bytes.length - 8);
  let read = 0;
  const source = {
    name: 'claims.gguf',
    size: 2 ** 50,
    read(into: Uint8Array, position: number) {
      read += into.length;
      into.fill(0);
      into.set(bytes.subarray(position, position + into.length));
      const next = Math.ceil((position - bytes.length) / (length + 8)) * (length + 8) + bytes.length;
      const view = new DataView(into.buffer, into.byteOffset, into.length);
      for (let at = Math.max(bytes.length, next) - position; at + 8 <= into.length; at += length + 8)
        view.setUint32(at, length, true);
      return into.length;
    },
  };
  try {
    readHeader(source);
  } catch (error) {
    return { read, refusal: String(error) };
  }
  return { read, refusal: 'none' };
}

test('more entries than anyone counts are refused before they are looked at', () => {
  const { read, refusal } = readStrings(BigInt(MAX_STEPS), 0);
  assert.match(refusal, /has more than 1048576 entries/);
  assert.ok(read <= 2 * WINDOW, `${read} bytes were read`);
});

test('what makes the reader go far is refused when it has read enough', () => {
  const { read, refusal } = readStrings(100_000n, 300_000);
  assert.match(refusal, /its header is longer than 33554432 bytes/);
  assert.ok(read > MAX_READ - 2 * WINDOW && read <= MAX_READ, `${read} bytes were read`);
});

test('arrays are nested four deep at most, however deep they are', () => {
  const levels = (depth: number) => {
    const { bytes } = encodeHeader({ metadata: { ...architecture, [KEY]: { nested: [[]] } }, tensors: [] });
    const level = Buffer.alloc(12);
    level.writeUInt32LE(9);
    level.writeBigUInt64LE(1n, 4);
    const inner = bytes.length - 12;
    const nested = Buffer.concat([
      bytes.subarray(0, inner),
      ...Array.from({ length: depth - 2 }, () => level),
      bytes.subarray(inner),
    ]);
    const read = (into: Uint8Array, position: number) => nested.copy(into, 0, position);
    return () => readHeader({ name: 'nested.gguf', size: nested.length, read });
  };
  for (const depth of [2, 3, 4]) levels(depth)();
  for (const depth of [5, 100_000])
    assert.throws(levels(depth), { code: 'model_unreadable', message: /nested too deeply/ });
});
