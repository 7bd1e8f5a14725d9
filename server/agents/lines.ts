/** A text as lines that keep their own ends, so that what an edit does not touch stays byte for byte. */
export interface Line {
  text: string;
  /** `\n`, `\r\n`, or nothing at the end of a file without a final line break. */
  end: string;
}

export function splitLines(content: string): Line[] {
  const lines: Line[] = [];
  for (const match of content.matchAll(/([^\n]*?)(\r?\n|$)/gy)) {
    const [whole, text = '', end = ''] = match;
    if (whole === '') break;
    lines.push({ text, end });
  }
  return lines;
}

export const joinLines = (lines: readonly Line[]): string => lines.map(({ text, end }) => text + end).join('');

/** The end that most lines have; `\n` for a text without one. */
export function usualEnd(lines: readonly Line[]): string {
  const windows = lines.filter(({ end }) => end === '\r\n').length;
  return windows * 2 > lines.filter(({ end }) => end !== '').length ? '\r\n' : '\n';
}

export const indentOf = (text: string): string => /^[ \t]*/.exec(text)?.[0] ?? '';

/**
 * Runs of blanks count as one and none at the ends: equal for lines that differ in blanks only, or in whether an accent is a
 * character of its own.
 */
export const withoutBlanks = (text: string): string => text.normalize('NFC').trim().replace(/\s+/g, ' ');
