import { closeSync, openSync, writeSync } from 'node:fs';

/*
 * Writes GGUF version 3 files, the container of llama.cpp models.
 * Source of the layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */

export type Metadata =
  | { u8: number }
  | { u16: number }
  | { u32: number }
  | { i32: number }
  | { u64: bigint }
  | { i64: bigint }
  | { f32: number }
  | { f64: number }
  | { bool: boolean }
  | { string: string }
  | { strings: readonly string[] }
  | { i32s: readonly number[] }
  | { bools: readonly boolean[] }
  /** Arrays in an array, of 32-bit numbers. */
  | { nested: readonly (readonly number[])[] };

/** Types of tensors; of those that no number can be written to, the data is zeros. */
export type TensorType = 'F32' | 'F16' | 'Q8_0' | 'Q4_K' | 'Q6_K';

export interface Tensor {
  name: string;
  /** `shape[0]` is the length of a row. */
  shape: readonly number[];
  type: TensorType;
  /** Writes the numbers of one row; rows are asked for in order. */
  fill?(row: number, out: Float32Array): void;
}

export interface Header {
  metadata: Readonly<Record<string, Metadata>>;
  tensors: readonly Tensor[];
  version?: number;
  alignment?: number;
}

/** A number in a header that says how much follows, or where. */
export interface Field {
  at: number;
  bytes: 4 | 8;
}

const VERSION = 3;
const ALIGNMENT = 32;
const types = {
  F32: { id: 0, block: 1, bytes: 4 },
  F16: { id: 1, block: 1, bytes: 2 },
  Q8_0: { id: 8, block: 32, bytes: 34 },
  Q4_K: { id: 12, block: 256, bytes: 144 },
  Q6_K: { id: 14, block: 256, bytes: 210 },
} as const;
const valueIds = {
  u8: 0,
  u16: 2,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
} as const;

export function writeGguf(
  path: string,
  metadata: Readonly<Record<string, Metadata>>,
  tensors: readonly Tensor[],
): void {
  const file = openSync(path, 'w');
  try {
    writeSync(file, pad(encodeHeader({ metadata, tensors }).bytes, ALIGNMENT));
    for (const tensor of tensors) writeSync(file, pad(tensorBytes(tensor), ALIGNMENT));
  } finally {
    closeSync(file);
  }
}

/** The bytes of a header without data behind it, and where its lengths, counts, types and offsets are. */
export function encodeHeader(header: Header): { bytes: Buffer; fields: Field[] } {
  const { metadata, tensors, version = VERSION, alignment = ALIGNMENT } = header;
  const out = createBytes();
  out.raw(Buffer.from('GGUF'));
  out.u32(version);
  out.u64(tensors.length);
  out.u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    out.string(key);
    writeValue(out, value);
  }
  let offset = 0;
  for (const tensor of tensors) {
    out.string(tensor.name);
    out.u32(tensor.shape.length);
    for (const length of tensor.shape) out.u64(length);
    out.u32(types[tensor.type].id);
    out.u64(offset);
    offset += padded(rowBytes(tensor) * rowCount(tensor), alignment);
  }
  return { bytes: out.bytes(), fields: out.fields };
}

/** What the data of tensors takes behind a header: bytes, with the gaps between them. */
export const dataBytes = ({ tensors, alignment = ALIGNMENT }: Header): number =>
  tensors.reduce((end, tensor) => padded(end, alignment) + rowBytes(tensor) * rowCount(tensor), 0);

type Bytes = ReturnType<typeof createBytes>;

function createBytes() {
  const parts: Buffer[] = [];
  const fields: Field[] = [];
  let at = 0;
  const raw = (buffer: Buffer) => {
    parts.push(buffer);
    at += buffer.length;
  };
  const fixed = (size: number, write: (buffer: Buffer) => void) => {
    const buffer = Buffer.alloc(size);
    write(buffer);
    raw(buffer);
  };
  const u32 = (value: number) => {
    fields.push({ at, bytes: 4 });
    fixed(4, (buffer) => buffer.writeUInt32LE(value));
  };
  const u64 = (value: number | bigint) => {
    fields.push({ at, bytes: 8 });
    fixed(8, (buffer) => buffer.writeBigUInt64LE(BigInt(value)));
  };
  return {
    fields,
    raw,
    fixed,
    u32,
    u64,
    string: (value: string) => {
      const buffer = Buffer.from(value, 'utf8');
      u64(buffer.length);
      raw(buffer);
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
  const i32 = (number: number) => out.fixed(4, (buffer) => buffer.writeInt32LE(number));
  const scalar = (id: number, size: number, write: (buffer: Buffer) => void) => {
    out.u32(id);
    out.fixed(size, write);
  };
  if ('u8' in value) scalar(valueIds.u8, 1, (buffer) => buffer.writeUInt8(value.u8));
  else if ('u16' in value) scalar(valueIds.u16, 2, (buffer) => buffer.writeUInt16LE(value.u16));
  else if ('u32' in value) scalar(valueIds.u32, 4, (buffer) => buffer.writeUInt32LE(value.u32));
  else if ('i32' in value) scalar(valueIds.i32, 4, (buffer) => buffer.writeInt32LE(value.i32));
  else if ('u64' in value) scalar(valueIds.u64, 8, (buffer) => buffer.writeBigUInt64LE(value.u64));
  else if ('i64' in value) scalar(valueIds.i64, 8, (buffer) => buffer.writeBigInt64LE(value.i64));
  else if ('f32' in value) scalar(valueIds.f32, 4, (buffer) => buffer.writeFloatLE(value.f32));
  else if ('f64' in value) scalar(valueIds.f64, 8, (buffer) => buffer.writeDoubleLE(value.f64));
  else if ('bool' in value) scalar(valueIds.bool, 1, (buffer) => buffer.writeUInt8(value.bool ? 1 : 0));
  else if ('string' in value) {
    out.u32(valueIds.string);
    out.string(value.string);
  } else if ('strings' in value) {
    array(valueIds.string, value.strings.length);
    for (const text of value.strings) out.string(text);
  } else if ('i32s' in value) {
    array(valueIds.i32, value.i32s.length);
    for (const number of value.i32s) i32(number);
  } else if ('bools' in value) {
    array(valueIds.bool, value.bools.length);
    out.raw(Buffer.from(value.bools.map(Number)));
  } else {
    array(valueIds.array, value.nested.length);
    for (const numbers of value.nested) {
      out.u32(valueIds.i32);
      out.u64(numbers.length);
      for (const number of numbers) i32(number);
    }
  }
}

const padded = (bytes: number, alignment: number) => Math.ceil(bytes / alignment) * alignment;
const pad = (buffer: Buffer, alignment: number) =>
  Buffer.concat([buffer, Buffer.alloc(padded(buffer.length, alignment) - buffer.length)]);
const rowCount = ({ shape }: Tensor) => shape.slice(1).reduce((all, length) => all * length, 1);

const rowBytes = ({ shape: [length = 1], type }: Tensor) => (length / types[type].block) * types[type].bytes;

function tensorBytes(tensor: Tensor): Buffer {
  const size = rowBytes(tensor);
  const rows = rowCount(tensor);
  const row = new Float32Array(tensor.shape[0] ?? 0);
  const bytes = Buffer.alloc(size * rows);
  const write = tensor.type in writeRow ? writeRow[tensor.type as keyof typeof writeRow] : undefined;
  for (let r = 0; r < rows; r++) {
    tensor.fill?.(r, row);
    write?.(row, bytes, r * size);
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
