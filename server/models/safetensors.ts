import { z } from 'zod';
import type { ByteSource } from './byteSource.ts';
import { unreadable } from './fileErrors.ts';

/** What the header of a safetensors file tells; nulls when it is too long to look at. */
export interface SafetensorsInfo {
  /** Numbers in all tensors. */
  readonly parameters: number | null;
  /** The type that most bytes have, such as BF16. */
  readonly quantization: string | null;
}

/** The length of the header, before it. */
const LENGTH_BYTES = 8;
/** The format's own limit is 100 MB; headers of some thousand tensors have some hundred kilobytes. */
const MAX_HEADER = 2 * 2 ** 20;
/** An object of tensors, which are objects with arrays. */
const MAX_DEPTH = 3;

const Tensor = z.object({
  dtype: z.string().max(32),
  shape: z.array(z.number().int().min(0)).max(32),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const Header = z.record(z.string(), z.unknown());

export const isSafetensors = (start: Buffer): boolean =>
  start.length > LENGTH_BYTES && start.readUInt32LE(4) === 0 && start.toString('latin1', LENGTH_BYTES, 9) === '{';

/**
 * Reads the header of a file that looks like safetensors; throws `model_unreadable`.
 * Source of the layout: https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(source: ByteSource): SafetensorsInfo {
  const wrong = (why: string) => unreadable(source.name, why);
  const length = readAt(source, 0, LENGTH_BYTES).readUInt32LE(0);
  const room = source.size - LENGTH_BYTES - length;
  if (room < 0) throw wrong('it ends in the middle of its header');
  if (length > MAX_HEADER) return { parameters: null, quantization: null };
  const text = readAt(source, LENGTH_BYTES, length).toString('utf8');
  const { __metadata__: _, ...tensors } = parse(text) ?? {};
  const bytes = new Map<string, number>();
  let parameters = 0;
  let end = 0;
  for (const [name, value] of Object.entries(tensors)) {
    const tensor = Tensor.safeParse(value);
    if (!tensor.success) throw wrong(`its header tells nothing sensible of the tensor ${name.slice(0, 64)}`);
    const { dtype, shape, data_offsets: place } = tensor.data;
    parameters += shape.reduce((all, length) => all * length, 1);
    end = Math.max(end, place[1]);
    bytes.set(dtype, (bytes.get(dtype) ?? 0) + place[1] - place[0]);
  }
  const [most] = [...bytes].sort(([, a], [, b]) => b - a);
  if (most === undefined || !Number.isSafeInteger(parameters)) throw wrong('its header cannot be understood');
  if (end > room) throw wrong(`the file ends before its data, with ${room} of ${end} bytes`);
  return { parameters, quantization: most[0] };
}

function readAt(source: ByteSource, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, source.read(bytes, position));
}

/** Undefined for what is no header; deep nesting, which takes much more memory than its text, is not even parsed. */
function parse(text: string): z.output<typeof Header> | undefined {
  if (depthOf(text) > MAX_DEPTH) return undefined;
  try {
    return Header.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** How deep brackets outside of strings are nested. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) isString = !isString;
    else if (!isString && opening.has(code)) deepest = Math.max(deepest, ++depth);
    else if (!isString && closing.has(code)) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);
