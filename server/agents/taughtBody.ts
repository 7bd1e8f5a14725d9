/** Function bodies that the embedded model was taught to describe, one statement a line without indentation. */
const SHAPES: readonly RegExp[] = [
  /^return \w+ [-+*/%] \w+;$/,
  /^return \w+ === \w+;$/,
  /^return !\w+;$/,
  /^return \w+\.\w+;$/,
  /^return \w+\.(map|filter)\(\w+\);$/,
  /^\w+\.push\(\w+\);$/,
  /^console\.log\(\w+\);$/,
  /^if \((\w+) [<>] (\w+)\) return \1;\nreturn \2;$/,
];

/**
 * Whether a constant or function of a source is simple enough to be described. Of anything else the model would say something
 * that sounds right and is not.
 */
export function isTaughtBody(text: string, name: string): boolean {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => new RegExp(String.raw`\bfunction ${name}\(.*\{$`).test(line));
  if (start < 0) return lines.some((line) => new RegExp(String.raw`\bconst ${name} = [^()]*;$`).test(line));
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('}'));
  if (length < 0) return false;
  const body = lines.slice(start + 1, start + 1 + length).map((line) => line.trim());
  return SHAPES.some((shape) => shape.test(body.join('\n')));
}
