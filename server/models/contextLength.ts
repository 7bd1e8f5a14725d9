import { closeSync, openSync, readSync } from 'node:fs';

/** Writers put a model's measures before its vocabulary, so the beginning of the file tells them. */
const HEAD_BYTES = 65_536;
const STRING = 8;
const ARRAY = 9;
/** Bytes of the values of fixed size, by GGUF's number of their type. */
const sizes = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];

/** The context, in tokens, that a GGUF file says its model was made for; undefined when its beginning does not tell. */
export function readContextLength(path: string): number | undefined {
  try {
    return findContextLength(readHead(path));
  } catch {
    // No such file, or it ends in the middle of a value: whoever loads the model says what is wrong with it.
    return undefined;
  }
}

function readHead(path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

/** Throws a RangeError where the bytes end. */
function findContextLength(head: Buffer): number | undefined {
  if (head.toString('latin1', 0, 4) !== 'GGUF') return undefined;
  const entries = head.readBigUInt64LE(16);
  let at = 24;
  const readLength = () => {
    at += 8;
    return Number(head.readBigUInt64LE(at - 8));
  };
  const readType = () => {
    at += 4;
    return head.readUInt32LE(at - 4);
  };
  const skipValue = (type: number) => {
    if (type === STRING) {
      const length = readLength();
      at += length;
    } else if (type !== ARRAY) {
      at += sizes[type] ?? Number.NaN;
    } else {
      const items = readType();
      const count = readLength();
      const size = sizes[items];
      if (size !== undefined) at += size * count;
      else for (let i = 0; i < count; i++) skipValue(items);
    }
  };
  for (let entry = 0n; entry < entries; entry++) {
    const length = readLength();
    const key = head.toString('latin1', at, at + length);
    at += length;
    const type = readType();
    if (key.endsWith('.context_length') && (type === 4 || type === 5)) return head.readUInt32LE(at);
    skipValue(type);
  }
  return undefined;
}
