/** One line of what a model or a note says, to stand in a sentence of ours. */
export const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

export function clip(text: string, most: number): string {
  const line = plain(text);
  return line.length <= most
    ? line
    : `${line
        .slice(0, most - 1)
        .replace(/\p{Surrogate}$/u, '')
        .trimEnd()}…`;
}

export const quoted = (text: string, most = 80): string => `“${clip(text, most)}”`;

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
