/** Where the text goes: everything before and after the cursor. */
export interface Gap {
  prefix: string;
  suffix: string;
}

export interface Shaped {
  /** What is worth showing; empty when nothing is. */
  text: string;
  /** More of the answer would not change it. */
  isFinished: boolean;
}

/** A longer suggestion is not read but deleted. Lines. */
const MAX_LINES = 24;

const OPENER = /(?:[{([:]|=>|\b(?:do|then|else|begin))\s*$/;
const CLOSER = /^\s*(?:[}\])]+[;,]?|end\b;?|fi|done|esac)\s*$/;
const ONLY_CLOSERS = /^[\s)\]}>'"`;,]*$/;

/** Whether a whole block may be suggested, or only the rest of the line. */
export function takesBlock({ prefix, suffix }: Gap): boolean {
  const head = lastLine(prefix);
  return firstLine(suffix).trim() === '' && (head.trim() === '' || OPENER.test(head));
}

/**
 * Cuts what a model says down to what belongs in the gap: the rest of the line, or of the block that the cursor is in;
 * without what stands behind the cursor already, and without a repetition of what stands before it.
 */
export function shape(raw: string, gap: Gap, { isWhole }: { isWhole: boolean }): Shaped {
  const cut = takesBlock(gap) ? cutBlock(raw, gap, isWhole) : cutLine(raw);
  const text = withoutRepetition(withoutSuffix(cut.text, gap.suffix), gap.prefix);
  return { text: text.trim() === '' ? '' : text, isFinished: cut.isFinished };
}

function cutLine(raw: string): Shaped {
  const end = raw.indexOf('\n');
  return end < 0 ? { text: raw, isFinished: false } : { text: raw.slice(0, end), isFinished: true };
}

function cutBlock(raw: string, { prefix }: Gap, isWhole: boolean): Shaped {
  const head = lastLine(prefix);
  const opens = head.trim() !== '';
  const base = indentOf(opens ? head : `${head}x`);
  const lines = raw.split('\n');
  const kept: string[] = [];
  for (const [index, line] of lines.entries()) {
    // The last line may still grow.
    const isComplete = isWhole || index < lines.length - 1;
    const stop = index > 0 && isComplete ? endsBlock(line, { base, opens }) : 'no';
    if (stop === 'before') return { text: join(kept), isFinished: true };
    kept.push(line);
    if (stop === 'after' || (isComplete && kept.length >= MAX_LINES)) return { text: join(kept), isFinished: true };
  }
  return { text: join(kept), isFinished: false };
}

/** A line that closes what the cursor's own line opens belongs to the block; anything else as far left does not. */
function endsBlock(line: string, { base, opens }: { base: number; opens: boolean }): 'no' | 'before' | 'after' {
  if (line.trim() === '') return 'no';
  const indent = indentOf(line);
  if (indent > base || (!opens && indent === base)) return 'no';
  return opens && indent === base && CLOSER.test(line) ? 'after' : 'before';
}

/** What the editor closed by itself, or what the model wrote up to the code behind the cursor. */
function withoutSuffix(text: string, suffix: string): string {
  const tail = firstLine(suffix).trimEnd();
  if (tail !== '' && ONLY_CLOSERS.test(tail)) {
    const end = text.slice(firstUnopened(text));
    return end !== '' && (tail.startsWith(end) || end.startsWith(tail)) ? text.slice(0, -end.length) : text;
  }
  if (tail.trim() !== '') return text.endsWith(tail) ? text.slice(0, -tail.length) : text;
  const next = linesOf(suffix).slice(0, MAX_LINES);
  const own = text.split('\n');
  for (let count = Math.min(next.length, own.length); count > 0; count--) {
    const same = next.slice(0, count).every((line, at) => line === own[own.length - count + at]?.trimEnd());
    if (same) return join(own.slice(0, -count));
  }
  return text;
}

/** Where the first bracket or quote stands that closes what the text itself did not open; its length when there is none. */
function firstUnopened(text: string): number {
  const open: string[] = [];
  let lastQuote = -1;
  for (const [at, character] of [...text].entries()) {
    const inString = isQuote(open.at(-1));
    if (isQuote(character)) {
      if (open.at(-1) === character) open.pop();
      else if (!inString) {
        open.push(character);
        lastQuote = at;
      }
    } else if (inString) continue;
    else if (character in PAIRS) open.push(PAIRS[character] ?? '');
    else if (CLOSERS.includes(character) && open.pop() !== character) return at;
  }
  // A quote that nothing closes is the one that stands behind the cursor.
  return isQuote(open.at(-1)) ? lastQuote : text.length;
}

const isQuote = (character: string | undefined) => character === '"' || character === "'" || character === '`';
const CLOSERS = ')]}';
const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function withoutRepetition(text: string, prefix: string): string {
  const said = linesOf(text);
  const before = linesOf(prefix.slice(0, prefix.length - lastLine(prefix).length)).slice(-said.length);
  return said.length > 0 && said.every((line, at) => line.trim() === before[at]?.trim()) ? '' : text;
}

const join = (lines: readonly string[]) => lines.join('\n').trimEnd();
const lastLine = (text: string) => text.slice(text.lastIndexOf('\n') + 1);
const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';
/** Lines that say something. */
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
/** A tab counts as four columns, which only has to be the same everywhere in a file. */
const indentOf = (line: string) => (/^\s*/.exec(line)?.[0] ?? '').replaceAll('\t', '    ').length;
