import { encodeHeader } from '../../../support/gguf/file.ts';
import { architecture } from './gguf.ts';
import type { Mutant } from './mutations.ts';

/** Headers that make as much work as the limits allow, each in another way; made one at a time, since they are large. */
export function* hostileHeaders(): Generator<Mutant> {
  const header = (how: string, metadata: Parameters<typeof encodeHeader>[0]['metadata'], size?: number): Mutant => {
    const { bytes } = encodeHeader({ metadata, tensors: [] });
    return { how, bytes, size: size ?? bytes.length };
  };
  /** The array at the end of the header is said to have that many items; the rest of the file is a hole. */
  const claims = (how: string, key: string, count: bigint): Mutant => {
    const mutant = header(how, { ...architecture, [key]: { strings: [] } }, 2 ** 50);
    mutant.bytes.writeBigUInt64LE(count, mutant.bytes.length - 8);
    return mutant;
  };
  const lookalike = (index: number) => `<|fim_prefi${index.toString(36).padStart(4, '0')}`;
  yield claims('a hole of empty tokens', 'tokenizer.ggml.tokens', 1_000_000n);
  yield claims('a hole of empty strings', 'tokenizer.ggml.merges', 1_000_000n);
  yield claims('more strings than anyone counts', 'tokenizer.ggml.merges', 2n ** 46n);
  yield header('tokens that look like special ones', {
    'tokenizer.ggml.tokens': { strings: Array.from({ length: 200_000 }, (_, i) => lookalike(i)) },
  });
  yield header(
    'long keys',
    Object.fromEntries(Array.from({ length: 4096 }, (_, i) => ['k'.repeat(250) + i, { u32: i }])),
  );
  yield header('long texts', {
    ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`text.${i}`, { string: 'x'.repeat(270_000) }])),
    'tokenizer.chat_template': { string: 'x'.repeat(262_144) },
  });
  yield header('arrays in an array', { a: { nested: Array.from({ length: 130_000 }, () => []) } });
  yield header('many layers', { 'llama.attention.head_count': { i32s: Array.from({ length: 16_384 }, () => 7) } });
  yield {
    ...encodeHeader({
      metadata: architecture,
      tensors: Array.from({ length: 16_384 }, (_, i) => ({ name: 'n'.repeat(58) + i, shape: [0], type: 'F32' })),
    }),
    how: 'many tensors',
    size: 2 ** 40,
  };
}
