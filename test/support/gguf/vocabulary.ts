import type { Metadata } from './file.ts';

/** Kinds of tokens, by llama.cpp's numbers: `added` ones are also found in plain text, `control` ones never. */
export const tokenKinds = { normal: 1, control: 3, added: 4 } as const;
export type TokenKind = keyof typeof tokenKinds;

export interface VocabularyToken {
  /** As the file spells it: printable stand-ins for bytes, except for added and control tokens. */
  text: string;
  kind: TokenKind;
}

export const END_OF_TURN = '<|im_end|>';
const controls = ['<|endoftext|>', '<|im_start|>', END_OF_TURN];

/** ChatML: the generation prompt ends with a line break, the token that scripted models start from. */
const CHAT_TEMPLATE =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** A byte-level vocabulary: 256 single bytes (ids are their values), then `extra`, then the control tokens. */
export function createVocabulary(extra: readonly VocabularyToken[] = []): VocabularyToken[] {
  return [
    ...byteSpellings.map((text) => ({ text, kind: 'normal' as const })),
    ...extra,
    ...controls.map((text) => ({ text, kind: 'control' as const })),
  ];
}

/** The spelling of bytes in the file of a byte-level vocabulary. */
export const spell = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byteSpellings[byte] ?? '').join('');

export function vocabularyMetadata(vocabulary: readonly VocabularyToken[]): Record<string, Metadata> {
  const idOf = (text: string) => ({ u32: vocabulary.findIndex((token) => token.text === text) });
  return {
    'tokenizer.ggml.model': { string: 'gpt2' },
    'tokenizer.ggml.pre': { string: 'qwen2' },
    'tokenizer.ggml.tokens': { strings: vocabulary.map(({ text }) => text) },
    'tokenizer.ggml.token_type': { i32s: vocabulary.map(({ kind }) => tokenKinds[kind]) },
    'tokenizer.ggml.merges': { strings: [] },
    'tokenizer.ggml.bos_token_id': idOf('<|endoftext|>'),
    'tokenizer.ggml.eos_token_id': idOf(END_OF_TURN),
    'tokenizer.ggml.padding_token_id': idOf('<|endoftext|>'),
    'tokenizer.ggml.add_bos_token': { bool: false },
    'tokenizer.chat_template': { string: CHAT_TEMPLATE },
  };
}

/** GPT-2's table of bytes to printable characters. */
const byteSpellings: readonly string[] = (() => {
  let moved = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCharCode(printable ? byte : 256 + moved++);
  });
})();
