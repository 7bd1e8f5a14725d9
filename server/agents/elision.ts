/** What models write for lines that they do not repeat: a comment of dots, or of words that say so. */
const SHAPES: readonly RegExp[] = [
  /^(?:\/\/|#|--|;|\/\*|<!--|\{\/\*)\s*(?:\.\.\.|…)/,
  /^(?:\/\/|#|--|;|\/\*|<!--|\{\/\*).*\b(?:rest of (?:the|your)|(?:existing|remaining|other|previous) (?:code|lines|content|implementation|methods|functions)|(?:code|lines?|content|rest) (?:remains?|stays?|is|are)? ?(?:unchanged|the same|as before|omitted|here))\b/i,
];
const DOTS = /^(?:\.\.\.|…)$/;

/** What is wrong with lines of which one stands for code left out, when the text before had no such line. */
export function elision(lines: readonly string[], before: string, path: string): string | undefined {
  // To Python three dots are a statement.
  const shapes = /\.pyi?$/i.test(path) ? SHAPES : [...SHAPES, DOTS];
  const trimmed = lines.map((line) => line.trim());
  const found = trimmed.find((line) => shapes.some((shape) => shape.test(line)) && !before.includes(line));
  return found && `"${found.slice(0, 100)}" stands for lines left out: write all of them`;
}
