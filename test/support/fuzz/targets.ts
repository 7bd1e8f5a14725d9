import { readdirSync } from 'node:fs';
import type { Target } from './target.ts';

const folder = new URL('../../fuzz/', import.meta.url);
const END = '.fuzz.ts';

/** The names of all targets, in order. */
export const targetNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(END))
    .map((file) => file.slice(0, -END.length));

/** Of any input: who loads it by name cannot know more. */
export async function targetNamed(name: string): Promise<Target<unknown>> {
  const { default: target } = (await import(new URL(`${name}${END}`, folder).href)) as { default: Target<unknown> };
  return target;
}
