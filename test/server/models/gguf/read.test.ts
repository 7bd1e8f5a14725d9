import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { WINDOW } from '../../../../server/models/gguf/limits.ts';
import type { GgufModel } from '../../../../server/models/gguf/read.ts';
import { readGguf } from '../../../../server/models/gguf/read.ts';
import type { Header, Metadata, Tensor } from '../../../support/gguf/file.ts';
import { writeRandomModel } from '../../../support/gguf/randomModel.ts';
import { createVocabulary } from '../../../support/gguf/vocabulary.ts';
import { tempFolder } from '../../../support/temp.ts';
import { architecture, encodeFile, writeFile } from './gguf.ts';

const folder = tempFolder('gguf');
after(() => folder[Symbol.dispose]());
let files = 0;

function read(metadata: Record<string, Metadata>, more: Partial<Header> = {}): GgufModel {
  return readGguf(writeFile(folder.path, `${++files}.gguf`, { metadata, tensors: [], ...more }));
}

test('the model that ships tells what it is', () => {
  const info = readGguf('media/models/canary.gguf');
  assert.equal(info.architecture, 'llama');
  assert.equal(info.name, 'ospain2 canary');
  assert.deepEqual([info.contextLength, info.embeddingLength, info.layers], [1024, 192, 4]);
  assert.deepEqual([info.vocabularySize, info.parameters, info.quantization], [1792, 2_164_416, 'F16']);
  assert.deepEqual(info.tokens.eos, { id: 1791, text: '<|im_end|>' });
  assert.equal(info.hasChatTemplate, true);
  assert.deepEqual([info.fim, info.pooling, info.isEmbedding], [null, null, false]);
  assert.equal(info.bytes, readFileSync('media/models/canary.gguf').length);
});

test('numbers may have any integer type', () => {
  const types: Metadata[] = [{ u16: 512 }, { u32: 512 }, { i32: 512 }, { u64: 512n }, { i64: 512n }];
  for (const value of types)
    assert.equal(
      read({ ...architecture, 'llama.context_length': value }).contextLength,
      512,
      JSON.stringify(value, String),
    );
  const others: Metadata[] = [{ f32: 512 }, { string: '512' }, { u64: 2n ** 60n }, { i32: -512 }, { i32s: [512] }];
  for (const value of others)
    assert.equal(read({ ...architecture, 'llama.context_length': value }).contextLength, null);
});

test('the architecture need not come first', () => {
  assert.equal(read({ 'llama.context_length': { u32: 512 }, ...architecture }).contextLength, 512);
});

test('the quantization is that of the file type, else what most bytes have', () => {
  const q4: Tensor = { name: 'a', shape: [256, 8], type: 'Q4_K' };
  const f32: Tensor = { name: 'b', shape: [256], type: 'F32' };
  const of = (fileType: Metadata | undefined, tensors: Tensor[]) =>
    read({ ...architecture, ...(fileType && { 'general.file_type': fileType }) }, { tensors }).quantization;
  assert.equal(of({ u32: 15 }, [q4, f32]), 'Q4_K_M');
  assert.equal(of({ u32: 1024 + 7 }, [q4]), 'Q8_0', 'guessed by the converter');
  assert.equal(of({ u32: 999 }, [q4]), 'Q4_K');
  assert.equal(of(undefined, [q4, f32]), 'Q4_K');
  assert.equal(of(undefined, [{ ...q4, shape: [256] }, f32]), 'F32');
});

test('parameters and bytes are those of the tensors', () => {
  const info = read(architecture, {
    tensors: [
      { name: 'a', shape: [256, 3, 2], type: 'Q6_K' },
      { name: 'b', shape: [5], type: 'F16' },
      { name: 'c', shape: [], type: 'F32' },
    ],
  });
  assert.equal(info.parameters, 256 * 6 + 5 + 1);
  assert.equal(info.tensorBytes, 1260 + 20 + 10 + 22 + 4, 'with the gaps of the alignment');
});

test('heads may differ from layer to layer', () => {
  const { sizes } = read({
    ...architecture,
    'llama.block_count': { u32: 3 },
    'llama.embedding_length': { u32: 64 },
    'llama.attention.head_count': { u32: 8 },
    'llama.attention.head_count_kv': { i32s: [8, 0, 2] },
  });
  assert.deepEqual([sizes.heads, sizes.keyHeads, sizes.cachedPerToken, sizes.windowedPerToken], [8, 8, 160, 0]);
});

test('layers with a window are told apart', () => {
  const metadata: Record<string, Metadata> = {
    'gemma3.block_count': { u32: 12 },
    'gemma3.embedding_length': { u32: 64 },
    'gemma3.attention.head_count': { u32: 4 },
    'gemma3.attention.key_length': { u32: 8 },
    'gemma3.attention.value_length': { u32: 4 },
    'gemma3.attention.sliding_window': { u32: 1024 },
  };
  const gemma: Record<string, Metadata> = { 'general.architecture': { string: 'gemma3' }, ...metadata };
  assert.deepEqual(read(gemma).sizes, {
    heads: 4,
    keyHeads: 4,
    cachedPerToken: 2 * 48,
    windowedPerToken: 10 * 48,
    window: 1024,
    computedPerToken: 3 * 64 + 2 * 4 * 8 + 48,
  });
  const swa = { 'gemma3.attention.key_length_swa': { u32: 6 }, 'gemma3.attention.value_length_swa': { u32: 2 } };
  assert.equal(read({ ...gemma, ...swa }).sizes.windowedPerToken, 10 * 4 * 8, 'heads of their own length');
  const shared = { 'gemma3.attention.shared_kv_layers': { u32: 6 } };
  assert.deepEqual(
    [read({ ...gemma, ...shared }).sizes.cachedPerToken, read({ ...gemma, ...shared }).sizes.windowedPerToken],
    [1 * 48, 5 * 48],
    'the last layers use the caches of others',
  );
  const told = {
    ...gemma,
    'gemma3.attention.sliding_window_pattern': { bools: Array.from({ length: 12 }, (_, i) => i < 3) },
  };
  assert.deepEqual([read(told).sizes.cachedPerToken, read(told).sizes.windowedPerToken], [9 * 48, 3 * 48]);
});

test('layers with a state instead of a cache do not count, and some architectures have no cache', () => {
  const of = (architecture: string, more: Record<string, Metadata> = {}) =>
    read({
      'general.architecture': { string: architecture },
      [`${architecture}.block_count`]: { u32: 8 },
      [`${architecture}.embedding_length`]: { u32: 64 },
      [`${architecture}.attention.head_count`]: { u32: 4 },
      ...more,
    }).sizes.cachedPerToken;
  assert.equal(of('qwen2'), 8 * 128);
  assert.equal(of('qwen3next', { 'qwen3next.full_attention_interval': { u32: 4 } }), 2 * 128);
  assert.equal(of('nomic-bert'), 0);
});

test('embedding models are known by their architecture or their pooling', () => {
  const of = (name: string, pooling?: number) => {
    const info = read({
      'general.architecture': { string: name },
      ...(pooling !== undefined && { [`${name}.pooling_type`]: { u32: pooling } }),
    });
    return [info.isEmbedding, info.pooling];
  };
  assert.deepEqual(of('nomic-bert', 1), [true, 'mean']);
  assert.deepEqual(of('bert'), [true, null]);
  assert.deepEqual(of('qwen3', 3), [true, 'last']);
  assert.deepEqual(of('qwen3', 4), [false, 'rank']);
  assert.deepEqual(of('qwen3', 0), [false, 'none']);
  assert.deepEqual(of('qwen3', 99), [false, null]);
});

test('licence and sources are told', () => {
  const { origin, type } = read({
    ...architecture,
    'general.type': { string: 'adapter' },
    'general.license': { string: 'apache-2.0' },
    'general.repo_url': { string: 'https://example.org/repo' },
    'general.source.url': { string: 'https://example.org/source' },
    'general.size_label': { string: '7B' },
  });
  assert.equal(type, 'adapter');
  assert.deepEqual(origin, {
    license: 'apache-2.0',
    licenseUrl: null,
    organization: null,
    sizeLabel: '7B',
    url: 'https://example.org/repo',
    sourceUrl: 'https://example.org/source',
    baseModelUrl: null,
  });
});

test('a template that is too long is not kept', () => {
  const of = (length: number) => read({ ...architecture, 'tokenizer.chat_template': { string: 'x'.repeat(length) } });
  assert.equal(of(262_144).chatTemplate?.length, 262_144);
  assert.deepEqual([of(262_145).chatTemplate, of(262_145).hasChatTemplate], [null, true]);
  assert.equal(read(architecture).hasChatTemplate, false);
});

test('a file that ends early says so, wherever it ends', () => {
  const path = join(folder.path, 'early.gguf');
  writeRandomModel(path);
  const whole = readFileSync(path);
  const { tensorBytes } = readGguf(path);
  const head = whole.length - tensorBytes;
  for (let end = 0; end < head; end += 7) {
    writeFileSync(path, whole.subarray(0, end));
    assert.throws(() => readGguf(path), { code: 'model_unreadable' }, `cut at ${end}`);
  }
  writeFileSync(path, whole);
  truncateSync(path, head + tensorBytes - 1);
  assert.throws(() => readGguf(path), {
    code: 'model_unreadable',
    message: new RegExp(`the file ends before its data, with ${whole.length - 1} of ${whole.length} bytes`),
  });
});

test('what is not a model file is refused with the reason and the place', () => {
  const bytes = encodeFile({ metadata: architecture, tensors: [] });
  const cases: [string, Buffer, RegExp][] = [
    ['empty', Buffer.alloc(0), /it is empty/],
    ['text', Buffer.from('no model at all, only some words'), /not in GGUF format \(at byte 0\)/],
    ['short', Buffer.from('GGUF'), /only 4 bytes/],
    ['version', with32(bytes, 4, 99), /version 99 is not known \(at byte 4\)/],
    ['old', with32(bytes, 4, 1), /version 1 is not known/],
    ['order', with32(bytes, 4, 0x03000000), /big-endian/],
    ['keys', with64(bytes, 16, 2n ** 60n), /1152921504606847000 keys/],
    ['tensors', with64(bytes, 8, 2n ** 60n), /1152921504606847000 tensors/],
  ];
  for (const [name, content, message] of cases) {
    const path = join(folder.path, `${name}.gguf`);
    writeFileSync(path, content);
    assert.throws(() => readGguf(path), { code: 'model_unreadable', message }, name);
  }
  const directory = join(folder.path, 'directory.gguf');
  mkdirSync(directory);
  assert.throws(() => readGguf(directory), { code: 'model_missing' });
  assert.throws(() => readGguf(join(folder.path, 'absent.gguf')), { code: 'model_missing' });
});

const with32 = (bytes: Buffer, at: number, value: number) => {
  const changed = Buffer.from(bytes);
  changed.writeUInt32LE(value, at);
  return changed;
};
const with64 = (bytes: Buffer, at: number, value: bigint) => {
  const changed = Buffer.from(bytes);
  changed.writeBigUInt64LE(value, at);
  return changed;
};

test('a header that contradicts itself is refused', () => {
  const text = { string: 'x' };
  assert.throws(() => read({}), { message: /does not tell the architecture/ });
  assert.throws(() => read({ ...architecture, 'general.alignment': { u32: 0 } }), { message: /alignment 0 / });
  assert.throws(() => read({ ...architecture, 'general.alignment': { u32: 24 } }), { message: /alignment 24 / });
  assert.throws(() => read({ ...architecture, 'general.alignment': { u64: 32n } }), { message: /alignment is no/ });
  assert.throws(() => read({ ...architecture, '': text }), { message: /no name/ });
  assert.throws(() => read({ ...architecture, [`k${'é'}`]: text }), { message: /not plain text/ });
  assert.throws(() => read({ ...architecture, ['k'.repeat(257)]: text }), { message: /more than 256 bytes/ });
  const tensor: Tensor = { name: 'a', shape: [8], type: 'F32' };
  assert.throws(() => read(architecture, { tensors: [tensor, tensor] }), { message: /tensor a is there twice/ });
  assert.throws(() => read(architecture, { tensors: [{ ...tensor, shape: [1, 1, 1, 1, 1] }] }), {
    message: /5 dimensions/,
  });
  assert.throws(() => read(architecture, { tensors: [{ ...tensor, name: 'n'.repeat(64) }] }), { message: /63 bytes/ });
  const twice = encodeFile({ metadata: { ...architecture, 'general.name': text, 'general.nami': text }, tensors: [] });
  twice.write('e', twice.indexOf('general.nami') + 11);
  const path = join(folder.path, 'twice.gguf');
  writeFileSync(path, twice);
  assert.throws(() => readGguf(path), { message: /key general.name is there twice/ });
});

test('counts beyond the file are refused where they stand', () => {
  const bytes = encodeFile({ metadata: { ...architecture, 'odd.strings': { strings: ['last'] } }, tensors: [] });
  const path = join(folder.path, 'counts.gguf');
  writeFileSync(path, with64(bytes, bytes.length - 20, 1000n));
  assert.throws(() => readGguf(path), {
    message: new RegExp(`odd.strings is said to have 1000 items, .* \\(at byte ${bytes.length - 24}\\)`),
  });
  writeFileSync(path, with64(bytes, bytes.length - 12, 5n));
  assert.throws(() => readGguf(path), { message: /in the middle of its header/ });
});

test('another alignment moves the tensors', () => {
  const tensors: Tensor[] = ['a', 'b'].map((name) => ({ name, shape: [3], type: 'F32' }));
  const metadata = { ...architecture, 'general.alignment': { u32: 128 } };
  assert.equal(read(metadata, { tensors, alignment: 128 }).tensorBytes, 128 + 12);
  assert.throws(() => read(metadata, { tensors, alignment: 32 }), { message: /tensor b lies at 32 of the data/ });
});

test('special tokens are told with their texts, those of large vocabularies too', () => {
  const extra = Array.from({ length: 30_000 }, (_, i) => ({ text: `word ${i}`, kind: 'normal' as const }));
  const path = join(folder.path, 'words.gguf');
  const ids = { 'tokenizer.ggml.unknown_token_id': { u32: 256 + 29_999 }, 'tokenizer.ggml.bos_token_id': { u32: 256 } };
  writeRandomModel(path, {
    width: 2,
    heads: 1,
    vocabulary: createVocabulary(extra),
    metadata: { ...ids, 'tokenizer.ggml.padding_token_id': { u32: 30_259 } },
  });
  const { tokens, vocabularySize } = readGguf(path);
  assert.equal(vocabularySize, 30_259);
  assert.deepEqual(tokens, {
    bos: { id: 256, text: 'word 0' },
    eos: { id: 30_258, text: '<|im_end|>' },
    eot: { id: 30_258, text: '<|im_end|>' },
    unk: { id: 30_255, text: 'word 29999' },
    pad: null,
  });
});

test('every token is found by its text, wherever the reader has to read on', () => {
  // What stands before pushes the tokens over the border of the window byte by byte.
  for (let more = 0; more < 80; more++) {
    const tokens = ['f'.repeat(WINDOW - 180 + more), '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'];
    const { fim } = read({ ...architecture, 'tokenizer.ggml.tokens': { strings: tokens } });
    assert.deepEqual([fim?.prefix.id, fim?.suffix.id, fim?.middle.id], [1, 2, 3], `${more}`);
  }
});

test('the tokens of a hole are those of the keys, else of a family', () => {
  const of = (strings: string[], more: Record<string, Metadata> = {}) =>
    read({ ...architecture, 'tokenizer.ggml.tokens': { strings }, ...more }).fim;
  const starcoder = ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<fim_pad>', '<reponame>', '<filename>'];
  assert.deepEqual(of(starcoder), {
    family: 'starcoder',
    prefix: { id: 0, text: '<fim_prefix>' },
    suffix: { id: 1, text: '<fim_suffix>' },
    middle: { id: 2, text: '<fim_middle>' },
    pad: { id: 3, text: '<fim_pad>' },
    repo: { id: 4, text: '<reponame>' },
    file: { id: 5, text: '<filename>' },
  });
  assert.equal(of(['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<file_sep>'])?.family, 'starcoder2');
  assert.equal(of(['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|file_separator|>'])?.family, 'codegemma');
  assert.equal(of(['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'])?.suffix.id, 1);
  assert.equal(of(['▁<PRE>', '▁<SUF>', '▁<MID>'])?.family, 'codellama');
  assert.equal(of(['<|fim_prefix|>', '<fim_suffix>', '<|fim_middle|>']), null, 'parts of two families');
  const keys = {
    'tokenizer.ggml.prefix_token_id': { u32: 2 },
    'tokenizer.ggml.fim_suf_token_id': { u32: 1 },
    'tokenizer.ggml.fim_mid_token_id': { u32: 0 },
  };
  const own = of(['m', 's', 'p'], keys);
  assert.deepEqual([own?.family, own?.prefix.text, own?.suffix.text, own?.middle.text], [null, 'p', 's', 'm']);
  assert.equal(of(['m', 's'], keys), null, 'an id beyond the vocabulary');
});
