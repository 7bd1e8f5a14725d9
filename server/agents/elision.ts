/** What models write for lines that they do not repeat: a comment of dots, or of words that say so. */
const SHAPES: readonly RegExp[] = [
  /^(?:\/\/|#|--|;|\/\*|<!--|\{\/\*)\s*(?:\.\.\.|…)/,
  /^(?:\/\/|#|--|;|\/\*|<!--|\{\/\*).*\b(?:rest of (?:the|your)|(?:existing|remaining|other|previous) (?:code|lines|content|implementation|methods|functions)|(?:code|lines?|content|rest) (?:remains?|stays?|is|are)? ?(?:unchanged|the same|as before|omitted|here))\b/i,
  /^(?:\.\.\.|…)$/,
];

/** The first line that stands for code left out, when the text before had no such line. */
export const elision = (lines: readonly string[], before: string): string | undefined =>
  lines.map((line) => line.trim()).find((line) => SHAPES.some((shape) => shape.test(line)) && !before.includes(line));
