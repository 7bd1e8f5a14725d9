import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { readGguf } from '../../../../server/models/gguf/read.ts';
import { dataBytes, type Metadata, type Tensor, type TensorType } from '../../../support/gguf/file.ts';
import { tempFolder } from '../../../support/temp.ts';
import { writeFile } from './gguf.ts';

const folder = tempFolder('info');
after(() => folder[Symbol.dispose]());

const u32 = fc.nat({ max: 2 ** 32 - 1 });
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const integer = (most: fc.Arbitrary<number>): fc.Arbitrary<{ is: number; value: Metadata }> =>
  fc.tuple(most, fc.constantFrom('u32', 'u64', 'i64')).map(([is, type]) => ({
    is,
    value: type === 'u32' ? { u32: is } : type === 'u64' ? { u64: BigInt(is) } : { i64: BigInt(is) },
  }));

/** Keys that nobody knows, with values of every sort. */
const others: fc.Arbitrary<Record<string, Metadata>> = fc.dictionary(
  fc.stringMatching(/^[a-z_]{1,12}(\.[a-z0-9_]{1,12}){0,3}$/).map((key) => `other.${key}`),
  fc.oneof(
    fc.record({ u8: fc.nat({ max: 255 }) }),
    fc.record({ u16: fc.nat({ max: 65_535 }) }),
    fc.record({ i32: fc.integer() }),
    fc.record({ u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
    fc.record({ i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
    fc.record({ f32: fc.float() }),
    fc.record({ f64: fc.double() }),
    fc.record({ bool: fc.boolean() }),
    fc.record({ string: fc.string({ maxLength: 6000 }) }),
    fc.record({ strings: fc.array(text) }),
    fc.record({ i32s: fc.array(fc.integer()) }),
    fc.record({ bools: fc.array(fc.boolean()) }),
    fc.record({ nested: fc.array(fc.array(fc.integer(), { maxLength: 5 }), { maxLength: 5 }) }),
  ),
  { maxKeys: 10 },
);

const blocks = { F32: 1, F16: 1, Q8_0: 32, Q4_K: 256, Q6_K: 256 } as const satisfies Record<TensorType, number>;
const tensors: fc.Arbitrary<Tensor[]> = fc.uniqueArray(
  fc
    .record({
      name: fc.stringMatching(/^[a-z0-9_.]{1,63}$/),
      type: fc.constantFrom(...(Object.keys(blocks) as TensorType[])),
      row: fc.nat({ max: 4 }),
      rest: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
    })
    .map(({ name, type, row, rest }) => ({ name, type, shape: [row * blocks[type], ...rest] })),
  { selector: ({ name }) => name, maxLength: 12 },
);

const header = fc.record({
  architecture: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  name: text,
  context: integer(u32),
  embedding: integer(u32),
  layers: integer(fc.nat({ max: 64 })),
  template: fc.string({ maxLength: 5000 }),
  vocabulary: fc.array(text, { minLength: 1, maxLength: 1500 }),
  eos: fc.nat(),
  others,
  tensors,
  alignment: fc.nat({ max: 12 }).map((power) => 2 ** power),
  version: fc.constantFrom(2, 3),
  order: fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
});

test('what was written is read back', () => {
  fc.assert(
    fc.property(header, (given) => {
      const { architecture, vocabulary, tensors, alignment, version } = given;
      const eos = given.eos % vocabulary.length;
      const metadata: Record<string, Metadata> = {
        'general.architecture': { string: architecture },
        'general.name': { string: given.name },
        'general.alignment': { u32: alignment },
        [`${architecture}.context_length`]: given.context.value,
        [`${architecture}.embedding_length`]: given.embedding.value,
        [`${architecture}.block_count`]: given.layers.value,
        'tokenizer.chat_template': { string: given.template },
        'tokenizer.ggml.tokens': { strings: vocabulary },
        'tokenizer.ggml.eos_token_id': { u32: eos },
        ...given.others,
      };
      const shuffled = Object.entries(metadata)
        .map((entry, index) => ({ entry, place: given.order[index] ?? index }))
        .sort((a, b) => a.place - b.place)
        .map(({ entry }) => entry);
      const written = { metadata: Object.fromEntries(shuffled), tensors, alignment, version };
      const path = writeFile(folder.path, 'model.gguf', written);
      const info = readGguf(path);
      assert.deepEqual(
        [info.version, info.architecture, info.name, info.contextLength, info.embeddingLength, info.layers],
        [version, architecture, given.name, given.context.is, given.embedding.is, given.layers.is],
      );
      assert.equal(info.chatTemplate, given.template);
      assert.equal(info.vocabularySize, vocabulary.length);
      assert.deepEqual(info.tokens.eos, { id: eos, text: vocabulary[eos] });
      assert.equal(
        info.parameters,
        tensors.reduce((sum, { shape }) => sum + shape.reduce((all, length) => all * length, 1), 0),
      );
      assert.equal(info.tensorBytes, dataBytes(written));
    }),
    { seed: 1, numRuns: 400 },
  );
});
