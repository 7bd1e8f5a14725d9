import { closeSync, openSync, writeSync } from 'node:fs';

/*
 * Writes GGUF version 3 files, the container of llama.cpp models.
 * Source of the layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */

export type Metadata =
  | { u32: number }
  | { f32: number }
  | { bool: boolean }
  | { string: string }
  | { strings: readonly string[] }
  | { i32s: readonly number[] };

export type TensorType = 'F32' | 'F16' | 'Q8_0';

export interface Tensor {
  name: string;
  /** `shape[0]` is the length of a row. */
  shape: readonly number[];
  type: TensorType;
  /** Writes the numbers of one row; rows are asked for in order. */
  fill(row: number, out: Float32Array): void;
}

const VERSION = 3;
const ALIGNMENT = 32;
const typeIds = { F32: 0, F16: 1, Q8_0: 8 } as const;
const valueIds = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;

export function writeGguf(
  path: string,
  metadata: Readonly<Record<string, Metadata>>,
  tensors: readonly Tensor[],
): void {
  const head = createBytes();
  head.raw(Buffer.from('GGUF'));
  head.u32(VERSION);
  head.u64(tensors.length);
  head.u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    head.string(key);
    writeValue(head, value);
  }
  let offset = 0;
  for (const tensor of tensors) {
    head.string(tensor.name);
    head.u32(tensor.shape.length);
    for (const length of tensor.shape) head.u64(length);
    head.u32(typeIds[tensor.type]);
    head.u64(offset);
    offset += padded(rowBytes(tensor) * rowCount(tensor));
  }
  const file = openSync(path, 'w');
  try {
    writeSync(file, pad(head.bytes()));
    for (const tensor of tensors) writeSync(file, pad(tensorBytes(tensor)));
  } finally {
    closeSync(file);
  }
}

type Bytes = ReturnType<typeof createBytes>;

function createBytes() {
  const parts: Buffer[] = [];
  const fixed = (size: number, write: (buffer: Buffer) => void) => {
    const buffer = Buffer.alloc(size);
    write(buffer);
    parts.push(buffer);
  };
  const u64 = (value: number) => fixed(8, (buffer) => buffer.writeBigUInt64LE(BigInt(value)));
  return {
    raw: (buffer: Buffer) => void parts.push(buffer),
    u32: (value: number) => fixed(4, (buffer) => buffer.writeUInt32LE(value)),
    i32: (value: number) => fixed(4, (buffer) => buffer.writeInt32LE(value)),
    f32: (value: number) => fixed(4, (buffer) => buffer.writeFloatLE(value)),
    u64,
    string: (value: string) => {
      const buffer = Buffer.from(value, 'utf8');
      u64(buffer.length);
      parts.push(buffer);
    },
    bytes: () => Buffer.concat(parts),
  };
}

function writeValue(out: Bytes, value: Metadata): void {
  const array = (id: number, length: number) => {
    out.u32(valueIds.array);
    out.u32(id);
    out.u64(length);
  };
  if ('u32' in value) {
    out.u32(valueIds.u32);
    out.u32(value.u32);
  } else if ('f32' in value) {
    out.u32(valueIds.f32);
    out.f32(value.f32);
  } else if ('bool' in value) {
    out.u32(valueIds.bool);
    out.raw(Buffer.from([value.bool ? 1 : 0]));
  } else if ('string' in value) {
    out.u32(valueIds.string);
    out.string(value.string);
  } else if ('strings' in value) {
    array(valueIds.string, value.strings.length);
    for (const text of value.strings) out.string(text);
  } else {
    array(valueIds.i32, value.i32s.length);
    for (const number of value.i32s) out.i32(number);
  }
}

const padded = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
const pad = (buffer: Buffer) => Buffer.concat([buffer, Buffer.alloc(padded(buffer.length) - buffer.length)]);
const rowCount = ({ shape }: Tensor) => shape.slice(1).reduce((all, length) => all * length, 1);

function rowBytes({ shape: [length = 0], type }: Tensor): number {
  return type === 'Q8_0' ? (length / Q8_BLOCK) * (Q8_BLOCK + 2) : length * (type === 'F32' ? 4 : 2);
}

function tensorBytes(tensor: Tensor): Buffer {
  const size = rowBytes(tensor);
  const rows = rowCount(tensor);
  const row = new Float32Array(tensor.shape[0] ?? 0);
  const bytes = Buffer.alloc(size * rows);
  for (let r = 0; r < rows; r++) {
    tensor.fill(r, row);
    writeRow[tensor.type](row, bytes, r * size);
  }
  return bytes;
}

/** Numbers of a Q8_0 block share one scale; rows must be a multiple of it. */
const Q8_BLOCK = 32;

const writeRow = {
  F32: (row: Float32Array, bytes: Buffer, at: number) => row.forEach((x, i) => void bytes.writeFloatLE(x, at + i * 4)),
  F16: (row: Float32Array, bytes: Buffer, at: number) =>
    row.forEach((x, i) => void bytes.writeUInt16LE(toHalf(x), at + i * 2)),
  Q8_0: (row: Float32Array, bytes: Buffer, at: number) => {
    for (let start = 0; start < row.length; start += Q8_BLOCK) {
      const block = row.subarray(start, start + Q8_BLOCK);
      const scale = block.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) / 127;
      const to = at + (start / Q8_BLOCK) * (Q8_BLOCK + 2);
      bytes.writeUInt16LE(toHalf(scale), to);
      block.forEach((x, i) => void bytes.writeInt8(scale === 0 ? 0 : Math.round(x / scale), to + 2 + i));
    }
  },
} as const;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** IEEE 754 half precision, rounded half up; too large becomes infinity. */
function toHalf(x: number): number {
  float[0] = x;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const exponent = ((word >>> 23) & 0xff) - 112;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent > 0) return sign | ((exponent << 10) + (((word & 0x7fffff) + 0x1000) >>> 13));
  if (exponent < -10) return sign;
  return sign | (((((word & 0x7fffff) | 0x800000) >>> (1 - exponent)) + 0x1000) >>> 13);
}
