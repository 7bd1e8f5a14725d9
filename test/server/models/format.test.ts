import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { recognizeFormat } from '../../../server/models/format.ts';
import { tempFolder } from '../../support/temp.ts';

const folder = tempFolder('format');
after(() => folder[Symbol.dispose]());

function recognize(name: string, content: string | Buffer) {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return recognizeFormat(path);
}

function safetensors(header: unknown, data = 0, length?: number): Buffer {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const bytes = Buffer.alloc(8 + Buffer.byteLength(text) + data);
  bytes.writeBigUInt64LE(BigInt(length ?? Buffer.byteLength(text)));
  bytes.write(text, 8);
  return bytes;
}

const tensor = (dtype: string, shape: number[], from: number, to: number) => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

/** The beginning of a ZIP archive. */
function zip(name: string): Buffer {
  const bytes = Buffer.alloc(30 + name.length + 100);
  bytes.write('PK\x03\x04');
  bytes.writeUInt16LE(name.length, 26);
  bytes.write(name, 30);
  return bytes;
}

test('formats are known by how files begin', () => {
  assert.deepEqual(recognizeFormat('media/models/canary.gguf'), { format: 'gguf' });
  assert.equal(recognize('a.zip', zip('archive/data.pkl')).format, 'pytorch');
  assert.equal(recognize('a.bin', Buffer.from('80028a0a6cfc9c46f9206aa850192e800271', 'hex')).format, 'pytorch');
  assert.equal(recognize('model.onnx', Buffer.from('080712077079746f726368', 'hex')).format, 'onnx');
});

test('where the beginning is not enough the name decides', () => {
  const pickle = Buffer.from('80025d7100', 'hex');
  assert.equal(recognize('a.pt', pickle).format, 'pytorch');
  assert.equal(recognize('a.CKPT', pickle).format, 'pytorch');
  assert.equal(recognize('a.dat', pickle).format, 'unknown');
  assert.equal(recognizeFormat(join(folder.path, 'a.dat'), 'a.pth').format, 'pytorch', 'by another name than its own');
  assert.equal(recognize('model.dat', Buffer.from('080712077079746f726368', 'hex')).format, 'unknown');
});

test('what is no model is unknown, whatever its name says', () => {
  for (const name of ['a.onnx', 'a.pt', 'a.safetensors', 'a.gguf'])
    for (const content of [
      '',
      'x',
      '<html>not found</html>',
      '{"error":"not found"}',
      '\x08\x00\x12',
      zip('word/document.xml'),
    ])
      assert.deepEqual(recognize(name, content), { format: 'unknown' }, `${name} ${content.toString()}`);
  assert.throws(() => recognizeFormat(join(folder.path, 'absent')), { code: 'model_missing' });
  assert.throws(() => recognizeFormat(folder.path), { code: 'model_missing' });
});

test('safetensors tell their parameters and the type of most bytes', () => {
  const header = {
    __metadata__: { format: 'pt', info: '{"a":{"b":{"c":["}"]}}}' },
    a: tensor('BF16', [3, 4], 0, 24),
    b: tensor('F32', [2], 24, 32),
    c: tensor('F32', [], 32, 36),
  };
  assert.deepEqual(recognize('a.safetensors', safetensors(header, 36)), {
    format: 'safetensors',
    parameters: 15,
    quantization: 'BF16',
  });
});

test('damaged safetensors are refused, and a hostile header is not even parsed', () => {
  const whole = { a: tensor('F32', [2], 0, 8) };
  const cases: [string, Buffer, RegExp][] = [
    ['cut', safetensors(whole, 7), /ends before its data, with 7 of 8 bytes/],
    ['header', safetensors(whole, 0, 1000), /in the middle of its header/],
    ['json', safetensors('{"a":'), /cannot be understood/],
    ['empty', safetensors({}), /cannot be understood/],
    ['shape', safetensors({ a: tensor('F32', [-1], 0, 8) }, 8), /nothing sensible of the tensor a/],
    ['huge', safetensors({ a: tensor('F32', [2 ** 50, 2 ** 50], 0, 8) }, 8), /cannot be understood/],
    ['offsets', safetensors({ a: { dtype: 'F32', shape: [2] } }, 8), /nothing sensible/],
    ['deep', safetensors(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), /cannot be understood/],
  ];
  for (const [name, content, message] of cases)
    assert.throws(() => recognize(`${name}.safetensors`, content), { code: 'model_unreadable', message }, name);
});

test('a header that is too long is not looked at', () => {
  const long = { __metadata__: { x: 'x'.repeat(3_000_000) }, a: tensor('F32', [2], 0, 8) };
  assert.deepEqual(recognize('long.safetensors', safetensors(long, 8)), {
    format: 'safetensors',
    parameters: null,
    quantization: null,
  });
});
