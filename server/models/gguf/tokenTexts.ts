/*
 * How the tokens are found that mean something to the program: by keys of the file, else by their texts.
 * Source: the search by text in llama-vocab.cpp of llama.cpp, and the model cards of the families.
 */

const key = (name: string) => `tokenizer.ggml.${name}_token_id`;

/** Keys that tell the id of a token; of several the first counts. */
export const specialKeys = {
  bos: [key('bos')],
  eos: [key('eos')],
  eot: [key('eot')],
  unk: [key('unknown')],
  pad: [key('padding')],
} as const;
export const fimKeys = {
  prefix: [key('fim_pre'), key('prefix')],
  suffix: [key('fim_suf'), key('suffix')],
  middle: [key('fim_mid'), key('middle')],
  pad: [key('fim_pad')],
  repo: [key('fim_rep')],
  file: [key('fim_sep')],
} as const;
export const tokenKeys: readonly string[] = [...Object.values(specialKeys), ...Object.values(fimKeys)].flat();

/** Ends of a turn; the first that the vocabulary has counts. */
export const eotTexts: readonly string[] = [
  '<|eot_id|>',
  '<|im_end|>',
  '<|end|>',
  '<end_of_turn>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<EOT>',
  '_<EOT>',
  '▁<EOT>',
  '[EOT]',
  '<｜end▁of▁sentence｜>',
  '<end_of_utterance>',
];

/** How a family spells the parts of a text with a hole. */
export interface FimFamily {
  readonly family: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly middle: string;
  readonly pad?: string;
  readonly repo?: string;
  readonly file?: string;
}

const family = (name: string, spell: (part: string) => string, more: Partial<FimFamily> = {}): FimFamily => ({
  family: name,
  prefix: spell('prefix'),
  suffix: spell('suffix'),
  middle: spell('middle'),
  ...more,
});

/** The first family counts whose prefix, suffix and middle are all in the vocabulary. */
export const fimFamilies: readonly FimFamily[] = [
  family('qwen', (part) => `<|fim_${part}|>`, { pad: '<|fim_pad|>', repo: '<|repo_name|>', file: '<|file_sep|>' }),
  family('codegemma', (part) => `<|fim_${part}|>`, { file: '<|file_separator|>' }),
  family('starcoder', (part) => `<fim_${part}>`, { pad: '<fim_pad>', repo: '<reponame>', file: '<filename>' }),
  family('starcoder2', (part) => `<fim_${part}>`, { pad: '<fim_pad>', repo: '<repo_name>', file: '<file_sep>' }),
  family('santacoder', (part) => `<fim-${part}>`, { pad: '<fim-pad>' }),
  family('seed-coder', (part) => `<[fim-${part}]>`),
  family('deepseek', (part) => `<｜fim▁${{ prefix: 'begin', suffix: 'hole' }[part] ?? 'end'}｜>`),
  family('codellama', (part) => `▁<${part.slice(0, 3).toUpperCase()}>`),
  family('codellama', (part) => `<${part.slice(0, 3).toUpperCase()}>`),
  family('glm', (part) => `<|code_${part}|>`),
  family('falcon', (part) => `<|${part}|>`),
  family('mistral', (part) => `[${part.toUpperCase()}]`),
];

export const fimTexts: readonly string[] = fimFamilies.flatMap(({ family: _, ...texts }) => Object.values(texts));
