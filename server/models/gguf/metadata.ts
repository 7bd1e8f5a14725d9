import {
  MAX_COUNT,
  MAX_DEPTH,
  MAX_KEY_BYTES,
  MAX_KEYS,
  MAX_NUMBERS,
  MAX_TEXT_BYTES,
  NESTED_STEPS,
  WINDOW,
} from './limits.ts';
import { eotTexts, fimTexts, tokenKeys } from './tokenTexts.ts';
import { fixedValues, valueTypes } from './types.ts';
import { decode, emptyVocabulary, scanVocabulary } from './vocabulary.ts';
import type { Window } from './window.ts';

/** What is kept of the entries of a header. Each answers undefined for a key that is missing or of another type. */
export interface Metadata {
  /** A whole number from 0 to `MAX_COUNT`; undefined for others. */
  count(key: string): number | undefined;
  /** Of an array with a count for each layer; zeros for numbers that are none. */
  counts(key: string): readonly number[] | undefined;
  /** Of the texts below. */
  text(key: string): string | undefined;
  has(key: string): boolean;
  readonly vocabularySize: number;
  /** The token that a key such as `tokenizer.ggml.eos_token_id` tells; undefined also where there is no such token. */
  token(key: string): SpecialToken | undefined;
  /** The token with one of the texts of tokenTexts.ts. */
  tokenOf(text: string): SpecialToken | undefined;
  /** To which the places of tensors are rounded up, in bytes. */
  readonly alignment: number;
}

export interface SpecialToken {
  readonly id: number;
  readonly text: string;
}

export const CHAT_TEMPLATE = 'tokenizer.chat_template';
const TOKENS = 'tokenizer.ggml.tokens';
const ALIGNMENT = 'general.alignment';
const DEFAULT_ALIGNMENT = 32;

const texts = new Set([
  'general.architecture',
  'general.type',
  'general.name',
  'general.size_label',
  'general.organization',
  'general.license',
  'general.license.link',
  'general.url',
  'general.repo_url',
  'general.source.url',
  'general.source.repo_url',
  'general.base_model.0.repo_url',
  'tokenizer.ggml.model',
  'tokenizer.ggml.pre',
  CHAT_TEMPLATE,
]);
const perLayer = /\.(feed_forward_length|attention\.(head_count|head_count_kv|sliding_window_pattern))$/;
/** Plain text, as keys and names are; others do not belong into messages either. */
export const printable = /^[\x20-\x7e]+$/;

export function readMetadata(window: Window, count: number): Metadata {
  const keys = new Set<string>();
  const kept = new Map<string, number | string | readonly number[]>();
  let numbersLeft = MAX_NUMBERS;
  let vocabulary = emptyVocabulary;
  let alignment = DEFAULT_ALIGNMENT;

  const readKey = () => {
    const start = window.at();
    const length = window.u64();
    if (length === 0) throw window.wrong('a key has no name', start);
    if (length > MAX_KEY_BYTES) throw window.wrong(`a key has more than ${MAX_KEY_BYTES} bytes`, start);
    const key = window.bytes(length).toString('latin1');
    if (!printable.test(key)) throw window.wrong('a key is not plain text', start);
    if (keys.has(key)) throw window.wrong(`the key ${key} is there twice`, start);
    keys.add(key);
    return key;
  };

  const readText = (key: string) => {
    const start = window.at();
    const length = window.u64();
    if (!texts.has(key) || length > (key === CHAT_TEMPLATE ? WINDOW : MAX_TEXT_BYTES)) return window.skip(length);
    const text = decode(window.bytes(length));
    if (text === undefined) throw window.wrong(`the text of ${key} is not UTF-8`, start);
    kept.set(key, text);
  };

  const readArray = (key: string, depth: number) => {
    const start = window.at();
    if (depth > MAX_DEPTH) throw window.wrong(`the value of ${key} is nested too deeply`, start);
    const type = window.u32();
    const count = window.u64();
    const fixed = fixedValues[type];
    const least = fixed?.bytes ?? (type === valueTypes.string ? 8 : 12);
    if (count * least > window.size - window.at())
      throw window.wrong(`the array ${key} is said to have ${count} items, more than the file has room for`, start);
    if (fixed !== undefined) {
      if (depth > 1 || fixed.kind === 'other' || !perLayer.test(key)) return window.skip(count * fixed.bytes);
      numbersLeft -= count;
      if (numbersLeft < 0) throw window.wrong(`the array ${key} has too many items`, start);
      kept.set(
        key,
        Array.from({ length: count }, () => toCount(window.integer(fixed.bytes, fixed.kind === 'signed')) ?? 0),
      );
    } else if (type === valueTypes.string) {
      if (key === TOKENS && depth === 1) vocabulary = scanVocabulary(window, count, wanted);
      else window.strings(count);
    } else if (type === valueTypes.array) {
      window.work(count * NESTED_STEPS);
      for (let i = 0; i < count; i++) readArray(key, depth + 1);
    } else throw window.wrong(`the array ${key} has items of a type ${type} that is not known`, start);
  };

  const readValue = (key: string) => {
    const start = window.at();
    const type = window.u32();
    const fixed = fixedValues[type];
    if (key === ALIGNMENT && type !== valueTypes.u32) throw window.wrong('its alignment is no number', start);
    if (type === valueTypes.string) return readText(key);
    if (type === valueTypes.array) return readArray(key, 1);
    if (fixed === undefined) throw window.wrong(`the value of ${key} has a type ${type} that is not known`, start);
    if (fixed.kind === 'other') return window.skip(fixed.bytes);
    const number = window.integer(fixed.bytes, fixed.kind === 'signed');
    const counted = toCount(number);
    if (counted !== undefined) kept.set(key, counted);
    if (key !== ALIGNMENT) return;
    if (!Number.isInteger(Math.log2(number)))
      throw window.wrong(`its alignment ${number} is not a power of two`, start);
    alignment = number;
  };

  const start = window.at();
  if (count > MAX_KEYS) throw window.wrong(`it is said to have ${count} keys, more than ${MAX_KEYS}`, start);
  window.work(count);
  for (let i = 0; i < count; i++) readValue(readKey());

  const end = window.at();
  const tokens = new Map<string, SpecialToken>();
  for (const key of tokenKeys) {
    const id = kept.get(key);
    const text = typeof id === 'number' ? vocabulary.textOf(id) : undefined;
    if (typeof id === 'number' && text !== undefined) tokens.set(key, { id, text });
  }
  window.seek(end);

  const find = <T>(key: string, is: (value: unknown) => value is T) => {
    const value = kept.get(key);
    return is(value) ? value : undefined;
  };
  return {
    count: (key) => find(key, (value) => typeof value === 'number'),
    counts: (key) => find(key, (value): value is readonly number[] => Array.isArray(value)),
    text: (key) => find(key, (value) => typeof value === 'string'),
    has: (key) => keys.has(key),
    vocabularySize: vocabulary.size,
    token: (key) => tokens.get(key),
    tokenOf(text) {
      const id = vocabulary.found.get(text);
      return id === undefined ? undefined : { id, text };
    },
    alignment,
  };
}

const toCount = (number: number) => (number >= 0 && number <= MAX_COUNT ? number : undefined);

const wanted: ReadonlySet<string> = new Set([...eotTexts, ...fimTexts]);
