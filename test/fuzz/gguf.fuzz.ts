import fc from 'fast-check';
import { feed } from '../server/models/gguf/feed.ts';
import { goodHeaders } from '../server/models/gguf/headers.ts';
import { type Mutant, mutantsOf } from '../server/models/gguf/mutations.ts';
import { mutated } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';
import { encodeHeader } from '../support/gguf/file.ts';
import { createRandom } from '../support/gguf/random.ts';

/** The header of a model file: damaged where its numbers stand, and damaged anywhere. */
const numbers = fc.nat().map((seed) => mutantsOf(goodHeaders.slice(0, -1), createRandom(seed)).next().value);
const small = goodHeaders.slice(0, -1).map((header) => encodeHeader(header).bytes.toString('latin1'));
const words = [0n, 1n, 9n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n].map((number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(number);
  return bytes.toString('latin1');
});
const anywhere = fc
  .tuple(mutated(small, words), fc.constantFrom(0, 100_000, 2 ** 40, 2 ** 52))
  .map(([text, more]): Mutant => {
    const bytes = Buffer.from(text, 'latin1');
    return { how: `${bytes.length} bytes`, bytes, size: bytes.length + more };
  });

/** What one header may make us hold: a window, some texts, and garbage that nobody has collected yet. Bytes. */
const MOST_READ = 64 * 2 ** 20;

export default target({
  inputs: fc.oneof(numbers, anywhere),
  batch: 500,
  open: () => ({
    run(mutant) {
      const { read } = feed(mutant);
      if (read > MOST_READ) throw new Error(`${read} bytes were read`);
    },
  }),
});
