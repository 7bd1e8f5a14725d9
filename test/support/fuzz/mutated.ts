import { readFileSync } from 'node:fs';
import fc from 'fast-check';

/** No input has more characters. */
export const MOST = 65_536;

/**
 * Real texts that were damaged: pieces taken out, put in elsewhere, repeated and changed, with words that mean something where
 * they stand. For bytes, the texts are their latin1.
 */
export function mutated(corpus: readonly string[], words: readonly string[]): fc.Arbitrary<string> {
  const texts = fc.constantFrom(...corpus);
  const place = fc.nat({ max: MOST });
  const change = fc.oneof(
    { weight: 4, arbitrary: fc.record({ is: fc.constant('cut' as const), at: place, length: fc.nat({ max: 200 }) }) },
    {
      weight: 6,
      arbitrary: fc.record({ is: fc.constant('put' as const), at: place, text: fc.constantFrom(...words) }),
    },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('put' as const), at: place, text: junk }) },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('splice' as const), at: place, text: texts, from: place }) },
    {
      weight: 1,
      arbitrary: fc.record({
        ...{ is: fc.constant('repeat' as const), at: place, length: fc.integer({ min: 1, max: 80 }) },
        times: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 20_000 })),
      }),
    },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('end' as const), at: place }) },
  );
  type Change = typeof change extends fc.Arbitrary<infer One> ? One : never;
  const apply = (text: string, one: Change): string => {
    const at = one.at % (text.length + 1);
    switch (one.is) {
      case 'cut':
        return text.slice(0, at) + text.slice(at + one.length);
      case 'put':
        return text.slice(0, at) + one.text + text.slice(at);
      case 'splice':
        return text.slice(0, at) + one.text.slice(one.from % (one.text.length + 1)) + text.slice(at);
      case 'repeat': {
        const piece = text.slice(at, at + one.length);
        const most = Math.floor((MOST - text.length) / Math.max(1, piece.length));
        return text.slice(0, at) + piece.repeat(Math.max(0, Math.min(one.times, most))) + text.slice(at);
      }
      case 'end':
        return text.slice(0, at);
    }
  };
  return fc
    .tuple(texts, fc.array(change, { maxLength: 8 }))
    .map(([text, changes]) => changes.reduce(apply, text).slice(0, MOST));
}

/** Texts of no sense. */
export const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '\0',
    '\ufeff',
    '\u202e',
    '\u2028',
    '\ud800',
    '\udfff',
    '\r',
    '\r\n',
    '\x1b[2J',
    'é',
    '\u0301',
    'İ',
    'ß',
  ),
);

const REPOSITORY = new URL('../../../', import.meta.url);
export const sourceOf = (path: string): string => readFileSync(new URL(path, REPOSITORY), 'utf8');

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0' };

/** What a test says between quotation marks: inputs that somebody thought of. */
export function sayingsOf(...tests: readonly string[]): string[] {
  const found = tests.flatMap((path) =>
    [...sourceOf(path).matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\\n]|\\.)*)"/gs)].map(
      ([, single, back, double]) =>
        (single ?? back ?? double ?? '').replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gis, (_, u, x, one) =>
          u || x ? String.fromCharCode(Number.parseInt(u ?? x, 16)) : (ESCAPES[one] ?? one),
        ),
    ),
  );
  return [...new Set(found)].filter((text) => text.length > 1 && text.length < MOST / 2);
}
