import { MAX_PARTS } from './limits.ts';

const PART = /-(\d{5})-of-(\d{5})\.gguf$/i;

/**
 * The files of a split model, in order, by the name of any of them; null when a name is not that of a part.
 * Source of the rule: `llama_split_path` in llama.cpp.
 */
export function partsOf(path: string): { part: number; paths: readonly string[] } | null {
  const match = PART.exec(path);
  const [part, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || part < 1 || part > count || count > MAX_PARTS) return null;
  const name = path.slice(0, match.index);
  const pad = (number: number) => String(number).padStart(5, '0');
  return {
    part,
    paths: Array.from({ length: count }, (_, i) => `${name}-${pad(i + 1)}-of-${pad(count)}.gguf`),
  };
}
