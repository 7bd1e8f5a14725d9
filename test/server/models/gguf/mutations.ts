import { encodeHeader, type Field, type Header } from '../../../support/gguf/file.ts';

/** A header that was damaged. */
export interface Mutant {
  /** Which damages, for messages. */
  readonly how: string;
  readonly bytes: Buffer;
  /** Of the file; what lies behind the bytes is zeros. */
  readonly size: number;
}

type Random = () => number;

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const pick = <T>(random: Random, items: readonly [T, ...T[]]): T => items[below(random, items.length)] ?? items[0];

/** Numbers that a careless reader would believe, add up or multiply. */
const hostile: readonly [bigint, ...bigint[]] = [
  0n,
  1n,
  9n,
  255n,
  65_537n,
  2n ** 20n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 33n,
  2n ** 53n - 1n,
  2n ** 53n + 1n,
  2n ** 60n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 32n,
  2n ** 64n - 1n,
];

type Mutation = (bytes: Buffer, fields: readonly Field[], random: Random) => Buffer;

const mutations: Readonly<Record<string, Mutation>> = {
  flips(bytes, _, random) {
    const flipped = Buffer.from(bytes);
    for (let i = 0; i <= below(random, 4); i++) {
      const at = below(random, flipped.length);
      flipped[at] = random() < 0.5 ? below(random, 256) : (flipped[at] ?? 0) ^ (1 << below(random, 8));
    }
    return flipped;
  },
  truncation: (bytes, _, random) => bytes.subarray(0, below(random, bytes.length + 1)),
  splice(bytes, _, random) {
    const [from, to] = [below(random, bytes.length), below(random, bytes.length)];
    const piece = bytes.subarray(from, from + below(random, 256));
    const dropped = random() < 0.5 ? 0 : below(random, 256);
    return Buffer.concat([bytes.subarray(0, to), piece, bytes.subarray(to + dropped)]);
  },
  numbers(bytes, fields, random) {
    const changed = Buffer.from(bytes);
    for (let i = 0; i <= below(random, 3); i++) {
      const field = fields[below(random, fields.length)];
      if (field === undefined || field.at + field.bytes > changed.length) continue;
      const near = BigInt(changed.length - field.at + below(random, 5) - 2);
      const value = random() < 0.2 ? near : random() < 0.3 ? BigInt(below(random, 48)) : pick(random, hostile);
      if (field.bytes === 8) changed.writeBigUInt64LE(BigInt.asUintN(64, value), field.at);
      else changed.writeUInt32LE(Number(BigInt.asUintN(32, value)), field.at);
    }
    return changed;
  },
  /** Arrays of arrays instead of what a length or a type stood for, deep or wide. */
  nesting(bytes, fields, random) {
    const field = fields[below(random, fields.length)];
    const levels = Array.from({ length: 1 + below(random, 300) }, () =>
      level(random() < 0.9 ? 1n : pick(random, hostile)),
    );
    const at = field?.at ?? 0;
    return Buffer.concat([bytes.subarray(0, at), u32(ARRAY), ...levels, bytes.subarray(at)]);
  },
};

const ARRAY = 9;
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const level = (count: bigint) => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(ARRAY);
  bytes.writeBigUInt64LE(count, 4);
  return bytes;
};

/** Sizes of files with holes, which cost nobody anything: what is claimed seems to be there. */
const sparse = [2 ** 32, 2 ** 40, 2 ** 52] as const;

/** Makes mutants of good headers for ever, the same for a seed. */
export function* mutantsOf(headers: readonly Header[], random: Random): Generator<Mutant, never> {
  const good = headers.map(encodeHeader);
  for (;;) {
    // The large one costs as much as all others together.
    const base = good[below(random, random() < 0.97 ? good.length - 1 : good.length)];
    if (base === undefined) continue;
    let { bytes } = base;
    const how: string[] = [];
    for (let i = random() < 0.7 ? 1 : 0; i < 2; i++) {
      const [name, mutate] = Object.entries(mutations)[below(random, Object.keys(mutations).length)] ?? [];
      if (name === undefined || mutate === undefined) continue;
      bytes = mutate(bytes, base.fields, random);
      how.push(name);
    }
    const size = random() < 0.2 ? bytes.length : random() < 0.7 ? bytes.length + 100_000 : pick(random, sparse);
    yield { how: `${how.join('+')} of header ${good.indexOf(base)}, ${size} bytes`, bytes, size };
  }
}
