import type { Metadata } from './file.ts';
import { type Fill, writeLlama } from './llamaModel.ts';
import { createRandom } from './random.ts';
import { cutScripts, type Script, type ScriptToken } from './script.ts';
import { createVocabulary, END_OF_TURN, spell, type VocabularyToken } from './vocabulary.ts';

export type { Script } from './script.ts';

export interface ScriptedModel {
  /** Bytes of each token instead of whole words, so that characters fall apart into tokens. */
  pieceBytes?: number;
  contextLength?: number;
  /** It also fills gaps between a prefix and a suffix, with what it would answer. */
  fills?: boolean;
  /** Makes it as slow as a larger one: layers and numbers that change nothing. At least these. */
  layers?: number;
  width?: number;
  inner?: number;
  metadata?: Readonly<Record<string, Metadata>>;
}

/**
 * Writes a model that says exactly the texts of `scripts`, any texts, in turns: the first answer to the first user turn,
 * the second after the first was said, and so on; the last one is said again for ever. The script without `when` is the
 * rule; one with `when` begins where the conversation holds that text, be it the person's or a tool's (of several, the
 * last one given counts).
 *
 * How: every piece of an answer is a token of its own that only leads to the next piece, so letters and words may repeat.
 * The last token of a generation prompt, a line break, looks back for the newest cue: the end of an answer or a `when`.
 * Cues are tokens that are also found in plain text, so a transcript that the model did not write itself works too.
 *
 * Cannot do: two different answers of which one is part of the other; the same answer in the middle of a script twice;
 * a conversation in which a user turn quotes the end of an answer (at least its last eight characters) before its time.
 */
export function writeScriptedModel(path: string, scripts: readonly Script[], options: ScriptedModel = {}): void {
  const { tokens, cues, first } = cutScripts(scripts, options.pieceBytes);
  const fill = options.fills === true ? FILL_TOKENS : [];
  const vocabulary = createVocabulary([...tokens.filter(({ bytes }) => !isByte(bytes)).map(spellToken), ...fill]);
  const ids = new Map(vocabulary.map(({ text }, id) => [text, id]));
  const idOf = (token: ScriptToken) => (isByte(token.bytes) ? (token.bytes[0] ?? 0) : find(spellToken(token).text));
  const find = (text: string) => {
    const id = ids.get(text);
    if (id === undefined) throw new Error(`the vocabulary has no token ${JSON.stringify(text)}`);
    return id;
  };

  // The hidden state: who the token is | which cue it is | which cue was found | is it the line break that asks?
  const cueAt = IDENTITY;
  const foundAt = cueAt + cues.length;
  const asksAt = foundAt + cues.length;
  const width = Math.max(options.width ?? 0, Math.ceil((asksAt + 1) / 32) * 32);

  const random = createRandom(1);
  const embeddings = vocabulary.map(() =>
    Float32Array.from({ length: width }, (_, i) => (i < IDENTITY ? sign(random()) : 0)),
  );
  const outputs = vocabulary.map(() => new Float32Array(width));
  const asking = [LINE_BREAK, ...(options.fills === true ? [find(FILL_MIDDLE)] : [])];
  embeddings.forEach((embedding, id) => {
    embedding[asksAt] = asking.includes(id) ? 1 : -1;
  });
  const lead = (from: number, to: number) => {
    for (let i = 0; i < IDENTITY; i++) add(outputs[to], i, embeddings[from]?.[i] ?? 0);
  };
  for (const id of asking) lead(id, first === undefined ? find(END_OF_TURN) : idOf(first));
  for (const token of tokens)
    if (token.answer) lead(idOf(token), token.next === undefined ? find(END_OF_TURN) : idOf(token.next));
  cues.forEach(({ token, start }, index) => {
    add(embeddings[idOf(token)], cueAt + index, 1);
    add(outputs[idOf(start)], foundAt + index, FOUND_WEIGHT);
  });

  writeLlama(
    path,
    {
      vocabulary,
      width,
      layers: options.layers ?? 1,
      heads: 1,
      keyHeads: 1,
      inner: options.inner ?? 32,
      contextLength: options.contextLength ?? 4096,
      // So large that positions turn nothing in the upper half of a head, where query and key meet.
      ropeBase: 1e30,
      type: 'F16',
    },
    {
      embedding: (row, out) => out.set(embeddings[row] ?? []),
      output: (row, out) => out.set(outputs[row] ?? []),
      query: cell((row, column) => (row === width - 1 && column === asksAt ? CUE_STEP * cues.length : 0)),
      // A later cue is louder, so that softmax leaves only the newest.
      key: cell((row, column) =>
        row === width - 1 && isIn(column, cueAt, cues.length) ? (column - cueAt + 1) / cues.length : 0,
      ),
      value: cell((row, column) => (isIn(column, cueAt, cues.length) && row === column ? 1 : 0)),
      attentionOutput: cell((row, column) => (isIn(row, foundAt, cues.length) && column === row - cues.length ? 1 : 0)),
      gate: zero,
      up: zero,
      down: zero,
    },
    options.metadata,
  );
}

/** By these names llama.cpp knows the tokens of a gap. */
const FILL_MIDDLE = '<|fim_middle|>';
const FILL_TOKENS = ['<|fim_prefix|>', '<|fim_suffix|>', FILL_MIDDLE].map((text) => ({
  text,
  kind: 'control' as const,
}));
/** Length of the random signs by which tokens are told apart: thousands of them stay far from each other. */
const IDENTITY = 128;
/** Weight of a found cue in the answer; more than a token's identity can weigh. */
const FOUND_WEIGHT = 4 * IDENTITY;
/** Distance of neighbouring cues before the softmax (after division by the root of the width, still beyond doubt). */
const CUE_STEP = 1000;
/** The token of a single byte has the byte's value as its id. */
const LINE_BREAK = 10;

const isByte = (bytes: Uint8Array) => bytes.length === 1;
const isIn = (index: number, start: number, length: number) => index >= start && index < start + length;
const sign = (random: number) => (random < 0.5 ? -1 : 1);
const zero: Fill = (_, out) => void out.fill(0);
const cell =
  (value: (row: number, column: number) => number): Fill =>
  (row, out) => {
    for (let column = 0; column < out.length; column++) out[column] = value(row, column);
  };

function add(row: Float32Array | undefined, index: number, value: number): void {
  if (row !== undefined) row[index] = (row[index] ?? 0) + value;
}

const spellToken = ({ bytes, cue }: ScriptToken): VocabularyToken =>
  cue ? { text: Buffer.from(bytes).toString('utf8'), kind: 'added' } : { text: spell(bytes), kind: 'normal' };
