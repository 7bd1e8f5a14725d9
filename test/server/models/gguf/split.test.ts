import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readGguf } from '../../../../server/models/gguf/read.ts';
import { partsOf } from '../../../../server/models/gguf/split.ts';
import type { Metadata, Tensor } from '../../../support/gguf/file.ts';
import { tempFolder } from '../../../support/temp.ts';
import { architecture, writeFile } from './gguf.ts';

let folder: ReturnType<typeof tempFolder>;
beforeEach(() => {
  folder = tempFolder('split');
});
afterEach(() => folder[Symbol.dispose]());

const tensors: Tensor[] = ['a', 'b'].map((name) => ({ name, shape: [256], type: 'Q4_K' }));

/** As llama.cpp splits: only the first part tells of the model. */
function writePart(
  number: number,
  more: Record<string, Metadata> = {},
  name = `model-0000${number}-of-00003.gguf`,
): string {
  return writeFile(folder.path, name, {
    metadata: {
      ...(number === 1 && architecture),
      'split.no': { u16: number - 1 },
      'split.count': { u16: 3 },
      'split.tensors.count': { i32: 5 },
      ...more,
    },
    tensors: number === 3 ? tensors.slice(0, 1) : tensors,
  });
}

test('a split model is all its parts, whichever is named', () => {
  const paths = [1, 2, 3].map((number) => writePart(number));
  for (const path of paths) {
    const { files, parameters, tensorBytes, bytes } = readGguf(path);
    assert.deepEqual(files, paths);
    assert.equal(parameters, 5 * 256);
    assert.equal(tensorBytes, 5 * 144 + 2 * 16, 'without the gaps between files');
    assert.ok(bytes > tensorBytes);
  }
});

test('a part that is missing, of another model or cut off makes the model unreadable', () => {
  const [first = '', second = ''] = [1, 2, 3].map((number) => writePart(number));
  const refused = (message: RegExp) => assert.throws(() => readGguf(first), { code: 'model_unreadable', message });
  rmSync(second);
  refused(/part 2 of 3, model-00002-of-00003.gguf, is missing/);
  writePart(3, {}, basename(second));
  refused(/00002-of-00003.gguf is not usable: it is not part 2 of 3/);
  writePart(2, { 'split.count': { u16: 4 } });
  refused(/not part 2 of 3/);
  writeFile(folder.path, basename(second), { metadata: architecture, tensors });
  refused(/not part 2 of 3/);
  writePart(2);
  readGguf(first);
  writePart(1, { 'split.tensors.count': { i32: 6 } });
  refused(/hold 5 tensors instead of 6/);
});

test('a part whose name does not say so cannot be loaded', () => {
  for (const name of ['model.gguf', 'model-00001-of-00002.gguf', 'model-00000-of-00003.gguf'])
    assert.throws(() => readGguf(writePart(1, {}, name)), {
      message: /part 1 of 3 of a model, which its name does not say/,
    });
});

test('a single file may say that it is the only part', () => {
  const metadata = { ...architecture, 'split.no': { u16: 0 }, 'split.count': { u16: 1 } };
  assert.equal(readGguf(writeFile(folder.path, 'one.gguf', { metadata, tensors })).files.length, 1);
});

test('names of parts follow the rule of llama.cpp', () => {
  assert.deepEqual(partsOf(join('a', 'b-00002-of-00002.gguf')), {
    part: 2,
    paths: [join('a', 'b-00001-of-00002.gguf'), join('a', 'b-00002-of-00002.gguf')],
  });
  for (const name of [
    'b.gguf',
    'b-00003-of-00002.gguf',
    'b-00000-of-00002.gguf',
    'b-1-of-2.gguf',
    'b-00001-of-99999.gguf',
  ])
    assert.equal(partsOf(name), null, name);
});
