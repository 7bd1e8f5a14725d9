import assert from 'node:assert/strict';
import { appendFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { checkModelFile } from '../../../server/models/modelFile.ts';
import { tempFolder } from '../../support/temp.ts';
import { architecture, writeFile } from './gguf/gguf.ts';

const folder = tempFolder('model-file');
after(() => folder[Symbol.dispose]());

test('a fingerprint changes with the file', () => {
  const path = writeFile(folder.path, 'one.gguf', { metadata: architecture, tensors: [] });
  const first = checkModelFile(path);
  assert.equal(checkModelFile(path), first);
  appendFileSync(path, 'more');
  const second = checkModelFile(path);
  assert.notEqual(second, first);
  utimesSync(path, 1, 1);
  assert.notEqual(checkModelFile(path), second);
});

test('only a file that is not known yet is read', () => {
  const path = writeFile(folder.path, 'broken.gguf', { metadata: architecture, tensors: [] });
  const known = checkModelFile(path);
  const { mtime, atime, size } = statSync(path);
  utimesSync(path, atime, mtime);
  const rounded = checkModelFile(path);
  writeFileSync(path, Buffer.alloc(size));
  utimesSync(path, atime, mtime);
  assert.equal(checkModelFile(path, rounded), rounded, 'nothing tells that it is another one');
  assert.throws(() => checkModelFile(path, `${known} before`), { code: 'model_unreadable' });
  assert.throws(() => checkModelFile(path), { code: 'model_unreadable' });
  rmSync(path);
  assert.throws(() => checkModelFile(path, known), { code: 'model_missing' });
});

test('of a split model every part counts', () => {
  const paths = [0, 1].map((number) =>
    writeFile(folder.path, `two-0000${number + 1}-of-00002.gguf`, {
      metadata: {
        ...(number === 0 && architecture),
        'split.no': { u16: number },
        'split.count': { u16: 2 },
        'split.tensors.count': { i32: 0 },
      },
      tensors: [],
    }),
  );
  const [first = '', second = ''] = paths;
  const known = checkModelFile(first);
  utimesSync(second, 1, 1);
  assert.notEqual(checkModelFile(first), known);
  rmSync(second);
  assert.throws(() => checkModelFile(first, known), { code: 'model_missing', message: /two-00002-of-00002/ });
});
