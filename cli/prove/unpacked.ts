import * as zlib from 'node:zlib';

/** Bytes that a packed text becomes at most. */
const MOST = 64 * 1024 * 1024;

type Unpack = (bytes: Buffer) => Buffer;

const settings = { maxOutputLength: MOST };
/** How packed texts begin, and where their data does: RFC 1952, RFC 1950, RFC 8878, and a file in a zip. */
const PACKED: readonly { magic: Buffer; isThere?: (bytes: Buffer) => boolean; unpack: Unpack }[] = [
  { magic: Buffer.from([0x1f, 0x8b, 0x08]), unpack: (bytes) => zlib.gunzipSync(bytes, settings) },
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => ({
    magic: Buffer.from([0x78, level]),
    unpack: (bytes: Buffer) => zlib.inflateSync(bytes, settings),
  })),
  // Older versions of Node 22 do not have it: imported by its name, it would keep the whole program from starting there.
  {
    magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
    unpack: (bytes) => zlib.zstdDecompressSync?.(bytes, settings) ?? Buffer.alloc(0),
  },
  {
    magic: Buffer.from('PK\u0003\u0004'),
    unpack: (bytes) =>
      zlib.inflateRawSync(bytes.subarray(30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)), settings),
  },
];

/** What is packed anywhere in these bytes: gzip, zlib, zstd, zip. What only looks like it is left out. */
export function* unpacked(bytes: Buffer): Generator<Buffer> {
  for (const { magic, unpack } of PACKED)
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      try {
        yield unpack(bytes.subarray(at));
      } catch {
        // Noise, as most of an encrypted file.
      }
    }
}
