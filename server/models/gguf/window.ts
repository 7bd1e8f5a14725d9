import type { OspainError } from '../../../protocol/index.ts';
import type { ByteSource } from '../byteSource.ts';
import { unreadable } from '../fileErrors.ts';
import { MAX_READ, MAX_STEPS, WINDOW } from './limits.ts';

/** Hears of the strings that begin with some bytes, each before it is passed over; may read it and must not go further. */
export interface StringListener {
  /** 1 at the bytes. */
  readonly firsts: Uint8Array;
  hear(index: number, length: number): void;
}

/**
 * Walks forward through a file with one buffer of fixed size. Every method throws `model_unreadable` where the bytes end
 * or the work gets too much. Numbers of 64 bits that are not safe integers come out inexact, but never small.
 */
export interface Window {
  readonly size: number;
  at(): number;
  /** Goes to a place in the file, backwards too. */
  seek(position: number): void;
  skip(bytes: number): void;
  /** Counts work that is about to be done. */
  work(steps: number): void;
  u32(): number;
  u64(): number;
  /** A number of 1, 2, 4 or 8 bytes. */
  integer(bytes: number, isSigned: boolean): number;
  /** The next bytes, at most a window; valid until the next call. */
  bytes(length: number): Buffer;
  /** `hashBytes` of the next bytes, at most a window, without going on. */
  hash(length: number): number;
  /** Passes over that many strings. */
  strings(count: number, listener?: StringListener): void;
  wrong(why: string, at?: number): OspainError;
}

export function openWindow(source: ByteSource): Window {
  const { name, size } = source;
  const buffer = Buffer.allocUnsafe(Math.min(WINDOW, size));
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  let start = 0;
  let end = 0;
  let at = 0;
  let read = 0;
  let steps = 0;

  const wrong = (why: string, place = at) => unreadable(name, why, place);
  const ends = () => wrong('it ends in the middle of its header', size);

  /** Makes the next `length` bytes, at most a window, readable in the buffer. */
  const need = (length: number) => {
    if (at >= start && at + length <= end) return;
    if (length > size - at) throw ends();
    const wanted = Math.min(WINDOW, size - at);
    read += wanted;
    if (read > MAX_READ) throw wrong(`its header is longer than ${MAX_READ} bytes`);
    start = at;
    end = at + source.read(buffer.subarray(0, wanted), at);
    if (at + length > end) throw ends();
  };
  const u32 = () => {
    need(4);
    at += 4;
    return view.getUint32(at - 4 - start, true);
  };
  const u64 = () => {
    need(8);
    at += 8;
    const index = at - 8 - start;
    return view.getUint32(index, true) + view.getUint32(index + 4, true) * 2 ** 32;
  };
  const skip = (bytes: number) => {
    if (bytes > size - at) throw ends();
    at += bytes;
  };
  const work = (more: number) => {
    steps += more;
    if (steps > MAX_STEPS) throw wrong(`its header has more than ${MAX_STEPS} entries`);
  };

  return {
    size,
    at: () => at,
    seek(position) {
      at = position;
    },
    skip,
    work,
    u32,
    u64,
    integer(bytes, isSigned) {
      if (bytes === 8) {
        need(8);
        at += 8;
        const high = isSigned ? buffer.readInt32LE(at - 4 - start) : buffer.readUInt32LE(at - 4 - start);
        return buffer.readUInt32LE(at - 8 - start) + high * 2 ** 32;
      }
      need(bytes);
      at += bytes;
      const index = at - bytes - start;
      return isSigned ? buffer.readIntLE(index, bytes) : buffer.readUIntLE(index, bytes);
    },
    bytes(length) {
      need(length);
      at += length;
      return buffer.subarray(at - length - start, at - start);
    },
    hash(length) {
      need(length);
      return hashBytes(buffer, at - start, at - start + length);
    },
    strings(count, listener) {
      work(count);
      const firsts = listener?.firsts;
      for (let index = 0; index < count; ) {
        need(Math.max(8, Math.min(9, size - at)));
        // Those whose length and first byte are in the buffer; local numbers make this four times as fast.
        let last = end - start - 9;
        let place = at - start;
        do {
          const high = view.getUint32(place + 4, true);
          const length = view.getUint32(place, true) + high * 2 ** 32;
          place += 8;
          if (length > 0 && firsts?.[buffer[place] ?? 0] === 1) {
            const text = start + place;
            at = text;
            listener?.hear(index, length);
            // Reading it may have moved the buffer.
            place = text - start;
            last = end - start - 9;
          }
          place += length;
          index++;
        } while (index < count && place <= last);
        at = start + place;
      }
    },
    wrong,
  };
}

/** A number of 32 bits, the same for the same bytes (FNV-1a). */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash;
}
