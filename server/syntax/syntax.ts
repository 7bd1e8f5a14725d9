import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import type { Language, Node, Query, Tree } from '@vscode/tree-sitter-wasm';
import { type LanguageFacts, languageOf } from './languages.ts';

/** Characters of a file that is parsed at all. */
const MAX_TEXT = 512 * 1024;
/** Milliseconds that parsing one file may take; the server waits meanwhile. */
const PATIENCE = 300;
/** Of more definitions in one file the rest is left out. */
const MAX_FOUND = 2000;
const MAX_PROBLEMS = 20;

/** What a file defines under a name. Offsets count UTF-16 code units, the end is behind it. */
export interface Definition {
  name: string;
  kind: 'function' | 'class' | 'type' | 'module';
  /** Names of the definitions around it, outermost first. */
  within: readonly string[];
  /** Counts from 1. */
  line: number;
  start: number;
  end: number;
  /** The same with what belongs to it, such as `export` or decorators. */
  outerStart: number;
  outerEnd: number;
}

/** Where the text stops to follow its grammar. */
export interface SyntaxProblem {
  /** Counts from 1. */
  line: number;
  /** The text that is wrong, or what is missing. */
  text: string;
}

export interface Parsed {
  /** What people call the language. */
  language: string;
  /** In the order of the text. */
  definitions: readonly Definition[];
  problems: readonly SyntaxProblem[];
}

export interface Syntax {
  /** Undefined for a language that is not known, and for a text that is too large or takes too long. */
  parse(path: string, text: string): Promise<Parsed | undefined>;
}

interface Grammar {
  Parser: TreeSitter['Parser'];
  language: Language;
  query: Query;
}

type TreeSitter = typeof import('@vscode/tree-sitter-wasm');

/** Reads the structure of files with tree-sitter; a grammar is loaded with the first file of its language. */
export function createSyntax({ now = () => performance.now() }: { now?: () => number } = {}): Syntax {
  const grammars = new Map<string, Promise<Grammar>>();
  let started: Promise<TreeSitter> | undefined;

  const load = async ({ grammar, definitions }: LanguageFacts): Promise<Grammar> => {
    started ??= start();
    const { Parser, Language, Query } = await started;
    const language = await Language.load(wasmFile(grammar));
    return { Parser, language, query: new Query(language, definitions) };
  };

  return {
    async parse(path, text) {
      const facts = languageOf(path);
      if (!facts || text.length > MAX_TEXT) return undefined;
      const known = grammars.get(facts.grammar) ?? load(facts);
      grammars.set(facts.grammar, known);
      const { Parser, language, query } = await known;
      // Others get their turn between two files.
      await setImmediate();
      const end = now() + PATIENCE;
      const parser = new Parser();
      let tree: Tree | null = null;
      try {
        tree = parser.setLanguage(language).parse(text, null, { progressCallback: () => now() > end });
        if (!tree) return undefined;
        const definitions = definitionsIn(tree, query, { ...facts, isLate: () => now() > end });
        return definitions && { language: facts.name, definitions, problems: problemsIn(tree.rootNode, text) };
      } finally {
        tree?.delete();
        parser.delete();
      }
    },
  };
}

const require = createRequire(import.meta.url);
const wasmFile = (grammar: string): string =>
  require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`);

async function start(): Promise<TreeSitter> {
  const treeSitter: TreeSitter = require('@vscode/tree-sitter-wasm');
  await treeSitter.Parser.init();
  return treeSitter;
}

const KINDS = ['function', 'class', 'type', 'module'] as const;

/** Undefined when it takes too long, as it does for thousands of brackets that nothing closes. */
function definitionsIn(
  tree: Tree,
  query: Query,
  { wrappers, isLate }: Pick<LanguageFacts, 'wrappers'> & { isLate: () => boolean },
): Definition[] | undefined {
  const found: Definition[] = [];
  const open: Definition[] = [];
  let late = false;
  const matches = query.matches(tree.rootNode, { progressCallback: () => (late ||= isLate()) });
  if (late) return undefined;
  for (const { captures } of matches) {
    const named = captures.find(({ name }) => name === 'name')?.node;
    const kind = KINDS.find((one) => captures.some(({ name }) => name === one));
    const whole = captures.find(({ name }) => name === kind)?.node;
    if (!named || !kind || !whole || found.length === MAX_FOUND) continue;
    const { inner, outer } = withWrappers(whole, wrappers);
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= whole.startIndex) open.pop();
    const definition: Definition = {
      name: named.text,
      kind,
      within: open.map(({ name }) => name),
      line: named.startPosition.row + 1,
      start: inner.startIndex,
      end: inner.endIndex,
      outerStart: outer.startIndex,
      outerEnd: outer.endIndex,
    };
    found.push(definition);
    open.push(definition);
  }
  return found;
}

/** `const f = () => …` is defined by its whole statement, when it is the only one of it. */
function withWrappers(node: Node, wrappers: readonly string[]): { inner: Node; outer: Node } {
  let inner = node;
  const { parent } = node;
  if (node.type === 'variable_declarator' && parent && parent.namedChildCount === 1) inner = parent;
  let outer = inner;
  while (outer.parent && wrappers.includes(outer.parent.type) && outer.parent.namedChildCount <= 8)
    outer = outer.parent;
  return { inner, outer };
}

/** The outermost places only, in the order of lines: what is inside of them is a consequence. */
function problemsIn(root: Node, text: string): SyntaxProblem[] {
  const found: SyntaxProblem[] = [];
  // No recursion: a file of brackets is as deep as it is long.
  const open = [root];
  for (let node = open.pop(); node && found.length < MAX_PROBLEMS; node = open.pop()) {
    if (!node.hasError) continue;
    const line = node.startPosition.row + 1;
    if (node.isMissing) found.push({ line, text: `${node.type} is missing` });
    else if (node.isError) found.push({ line, text: lineAt(text, node.startIndex) });
    else open.push(...node.children.filter((child) => child !== null));
  }
  return found.sort((a, b) => a.line - b.line);
}

const lineAt = (text: string, index: number): string => {
  const end = text.indexOf('\n', index);
  return text
    .slice(text.lastIndexOf('\n', index - 1) + 1, end < 0 ? undefined : end)
    .trim()
    .slice(0, 100);
};
