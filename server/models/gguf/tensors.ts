import { MAX_DIMENSIONS, MAX_TENSOR_NAME_BYTES, MAX_TENSORS } from './limits.ts';
import { printable } from './metadata.ts';
import { type TensorType, tensorTypes } from './types.ts';
import type { Window } from './window.ts';

/** All tensors of one file, or of the parts of a model, together. */
export interface Tensors {
  readonly count: number;
  /** Numbers in them. */
  readonly parameters: number;
  /** What they take of the file, with the gaps between them, in bytes. */
  readonly bytes: number;
  /** Bytes by type. */
  readonly types: ReadonlyMap<string, number>;
}

export function addUp(files: readonly Tensors[]): Tensors {
  const types = new Map<string, number>();
  for (const file of files) for (const [type, bytes] of file.types) types.set(type, (types.get(type) ?? 0) + bytes);
  const sum = (of: (file: Tensors) => number) => files.reduce((all, file) => all + of(file), 0);
  return { count: sum(({ count }) => count), parameters: sum((f) => f.parameters), bytes: sum((f) => f.bytes), types };
}

const MIN_BYTES = 8 + 4 + 4 + 8;

/**
 * Reads what the header says of the tensors, and checks that they lie one behind the other, as llama.cpp wants them, and
 * within the file.
 */
export function readTensors(window: Window, count: number, alignment: number): Tensors {
  const padded = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
  const start = window.at();
  if (count > MAX_TENSORS) throw window.wrong(`it is said to have ${count} tensors, more than ${MAX_TENSORS}`, start);
  if (count * MIN_BYTES > window.size - start) throw window.wrong('it ends in the middle of its header', window.size);
  window.work(count);
  const names = new Set<string>();
  const types = new Map<string, number>();
  let parameters = 0;
  let end = 0;
  for (let i = 0; i < count; i++) {
    const at = window.at();
    const name = readName(window);
    if (names.has(name)) throw window.wrong(`the tensor ${name} is there twice`, at);
    names.add(name);
    const { elements, type } = readShape(window, name);
    const bytes = (elements / type.block) * type.bytes;
    const place = window.u64();
    if (place !== padded(end))
      throw window.wrong(`the tensor ${name} lies at ${place} of the data, not behind the others`, at);
    end = place + bytes;
    parameters += elements;
    if (!Number.isSafeInteger(end) || !Number.isSafeInteger(parameters))
      throw window.wrong(`the tensor ${name} is larger than any file`, at);
    types.set(type.name, (types.get(type.name) ?? 0) + bytes);
  }
  const whole = count === 0 ? window.at() : padded(window.at()) + end;
  if (whole > window.size)
    throw window.wrong(`the file ends before its data, with ${window.size} of ${whole} bytes`, window.size);
  return { count, parameters, bytes: end, types };
}

function readName(window: Window): string {
  const start = window.at();
  const length = window.u64();
  if (length > MAX_TENSOR_NAME_BYTES)
    throw window.wrong(`the name of a tensor has more than ${MAX_TENSOR_NAME_BYTES} bytes`, start);
  const name = window.bytes(length).toString('latin1');
  if (!printable.test(name)) throw window.wrong('the name of a tensor is not plain text', start);
  return name;
}

function readShape(window: Window, name: string): { elements: number; type: TensorType } {
  const start = window.at();
  const dimensions = window.u32();
  if (dimensions > MAX_DIMENSIONS)
    throw window.wrong(`the tensor ${name} has ${dimensions} dimensions, more than ${MAX_DIMENSIONS}`, start);
  let elements = 1;
  let row = 1;
  for (let i = 0; i < dimensions; i++) {
    const length = window.u64();
    if (i === 0) row = length;
    elements *= length;
  }
  const id = window.u32();
  const type = tensorTypes.get(id);
  if (type === undefined) throw window.wrong(`the tensor ${name} has a type ${id} that is not known`, start);
  if (row % type.block !== 0)
    throw window.wrong(
      `the rows of the tensor ${name} are no multiples of ${type.block}, as ${type.name} needs`,
      start,
    );
  return { elements, type };
}
