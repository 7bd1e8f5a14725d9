import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { recognizeFormat } from '../../server/models/format.ts';
import { mutated } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';
import { tempFolder } from '../support/temp.ts';

/** What a file is, by how it begins: safetensors, archives, pickles, protocol buffers. */
const tensors = JSON.stringify({
  __metadata__: { format: 'pt' },
  'a.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
  'b.weight': { dtype: 'BF16', shape: [4], data_offsets: [24, 32] },
});
const safetensors = (header: string): string => {
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length);
  return `${length.toString('latin1')}${header}${'\0'.repeat(32)}`;
};
const corpus = [
  safetensors(tensors),
  safetensors('{}'),
  `PK\x03\x04${'\0'.repeat(22)}\x0f\0\0\0archive/data.pkl`,
  '\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.',
  '\x08\x07\x12\x07pytorch',
  'GGUF\x03\0\0\0',
];
const words = [
  '{',
  '[',
  '"',
  ',',
  ':',
  '-1',
  '1e999',
  '9007199254740993',
  '\\',
  '\xff\xff\xff\xff',
  '__proto__',
  'null',
];

export default target({
  inputs: fc.record({
    bytes: mutated(corpus, words),
    name: fc.constantFrom('a.safetensors', 'a.bin', 'a.onnx', 'a.PTH', 'a', '.onnx'),
  }),
  batch: 1000,
  open() {
    const folder = tempFolder('fuzz-files');
    const file = join(folder.path, 'file');
    return {
      run({ bytes, name }) {
        writeFileSync(file, bytes, 'latin1');
        const found = recognizeFormat(file, name);
        const count = 'parameters' in found ? found.parameters : null;
        if (count !== null && !(Number.isSafeInteger(count) && count >= 0)) throw new Error(`${count} parameters`);
      },
      close: () => folder[Symbol.dispose](),
    };
  },
});
