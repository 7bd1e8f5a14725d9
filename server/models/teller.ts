import { isDeepStrictEqual } from 'node:util';

interface Told<T> {
  /** All there are, by what names them. */
  read(): Map<string, T>;
  onChange(value: T): void;
  onRemove(value: T): void;
}

/** A function that tells what has changed since it last did, whoever changed it. */
export function createTeller<T>({ read, onChange, onRemove }: Told<T>): () => void {
  let told = read();
  return () => {
    const before = told;
    told = read();
    for (const [key, value] of told) if (!isDeepStrictEqual(value, before.get(key))) onChange(value);
    for (const [key, value] of before) if (!told.has(key)) onRemove(value);
  };
}
