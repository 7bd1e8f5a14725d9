import { MAX_TEXT_BYTES } from './limits.ts';
import { hashBytes, type Window } from './window.ts';

/** What is kept of the tokens of a model. */
export interface Vocabulary {
  readonly size: number;
  /** Tokens among the texts that were asked for, by text; the first of several. */
  readonly found: ReadonlyMap<string, number>;
  /** Reads the text of a token; undefined when there is no such token, or its text is too long or not UTF-8. */
  textOf(id: number): string | undefined;
}

/** How many tokens lie between two places that are remembered. */
const STRIDE = 512;

export const emptyVocabulary: Vocabulary = { size: 0, found: new Map(), textOf: () => undefined };

/** Scans an array of strings for `wanted` texts, and remembers some places of it. */
export function scanVocabulary(window: Window, count: number, wanted: ReadonlySet<string>): Vocabulary {
  const places: number[] = [];
  const found = new Map<string, number>();
  // Looked up by hashes, since a hostile vocabulary could make a million texts to throw away.
  const hashes = new Map<number, string>();
  const firsts = new Uint8Array(256);
  let longest = 0;
  for (const text of wanted) {
    const bytes = Buffer.from(text);
    hashes.set(hashBytes(bytes, 0, bytes.length), text);
    firsts[bytes[0] ?? 0] = 1;
    longest = Math.max(longest, bytes.length);
  }
  for (let passed = 0; passed < count; passed += STRIDE) {
    places.push(window.at());
    window.strings(Math.min(STRIDE, count - passed), {
      firsts,
      hear(index, length) {
        const text = length > longest ? undefined : hashes.get(window.hash(length));
        if (text === undefined || found.has(text)) return;
        if (decode(window.bytes(length)) === text) found.set(text, passed + index);
      },
    });
  }
  return {
    size: count,
    found,
    textOf(id) {
      const place = places[Math.floor(id / STRIDE)];
      if (place === undefined || id >= count) return undefined;
      window.seek(place);
      window.strings(id % STRIDE);
      const length = window.u64();
      return length > MAX_TEXT_BYTES ? undefined : decode(window.bytes(length));
    },
  };
}

/** The text of UTF-8 bytes; undefined when they are none. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
