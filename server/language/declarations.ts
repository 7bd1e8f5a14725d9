/** A thing with a name that a source text declares, as far as its lines show it. */
export interface Declaration {
  name: string;
  is: 'function' | 'type' | 'constant';
  /** Lines from 0, the last one included. */
  first: number;
  last: number;
}

const NAME = String.raw`(?<name>[A-Za-z_$][\w$]*)`;
const BEFORE = String.raw`(?:(?:export|default|public|private|protected|internal|static|async|abstract|final|override|declare|inline|pub(?:\([\w:]+\))?|unsafe|const)\s+)*`;

const SHAPES: readonly [is: Declaration['is'], shape: RegExp][] = [
  [
    'function',
    new RegExp(String.raw`^\s*${BEFORE}(?:function\b\s*\*?|def\b|fn\b|fun\b|func\b(?:\s*\([^)]*\))?)\s*${NAME}`),
  ],
  ['type', new RegExp(String.raw`^\s*${BEFORE}(?:class|interface|trait|struct|enum)\s+${NAME}`)],
  [
    'function',
    new RegExp(
      String.raw`^\s*${BEFORE}(?:(?:let|var)\s+)?${NAME}\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^)]*\)[^=]*=>|\w+\s*=>)`,
    ),
  ],
  // A method, or a function that its type stands before; what else looks like one begins with a word of the language.
  [
    'function',
    new RegExp(
      String.raw`^\s*(?:[\w:<>,*&[\]]+\s+)*[*&]*(?!(?:if|for|while|switch|catch|return|function|else|do|with|await|new)\b)${NAME}\s*(?:<[^>]*>)?\([^;'"${'`'}]*\)\s*(?::[^{;]+)?\{\s*$`,
    ),
  ],
  ['constant', new RegExp(String.raw`^\s*(?:export\s+)?(?:const|let|var)\s+${NAME}\b`)],
];
/** Nobody declares anything in a longer line but a program that squeezes others. Characters. */
const LONGEST_LINE = 400;

const CLOSES = /^\s*(?:[}\])]|end\b)/;

/**
 * The declarations of a text by the look of their lines and their indentation, in the order of their first line: good
 * enough to know what a person points at, in most languages, also while the text does not parse.
 */
export function declarationsIn(text: string): Declaration[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, first) => {
    if (line.length > LONGEST_LINE) return [];
    for (const [is, shape] of SHAPES) {
      const name = shape.exec(line)?.groups?.['name'];
      if (name !== undefined) return [{ name, is, first, last: lastLine(lines, first) }];
    }
    return [];
  });
}

/** The innermost declaration around a line. */
export const declarationAt = (declarations: readonly Declaration[], line: number): Declaration | undefined =>
  declarations.filter(({ first, last }) => first <= line && line <= last).at(-1);

/** What is indented deeper belongs to it, and one line after that which closes it. */
function lastLine(lines: readonly string[], first: number): number {
  const depth = indentOf(lines[first] ?? '');
  let last = first;
  for (let at = first + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    if (indentOf(line) > depth) last = at;
    else return indentOf(line) === depth && CLOSES.test(line) ? at : last;
  }
  return last;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
