/** The sources as text: what the architecture's rules are checked on, real or made up. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Paths below the repository, with `/`, and their text. */
export type Tree = ReadonlyMap<string, string>;

export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** The file that it leads to, below the repository; undefined for a package. */
  readonly file: string | undefined;
}

const folders = ['guard', 'protocol', 'server', 'extension', 'webview', 'cli', 'scripts', 'models', 'test'];

export function readTree(root: string): Tree {
  const found = globSync(`{${folders.join(',')}}/**/*.{ts,tsx,mjs}`, { cwd: root });
  const paths = found.map((file) => file.split(path.sep).join('/')).filter((file) => !file.endsWith('.d.mts'));
  return new Map(paths.sort().map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}

const forms = [
  /^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*['"]([^'"]+)['"]/gm,
  /^\s*\}\s*from\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]/g,
];

/** What a file imports, types too: also a type ties one side to the other. */
export function importsOf(file: string, text: string): Import[] {
  const code = withoutComments(text);
  const specifiers = forms.flatMap((form) => [...code.matchAll(form)].map((found) => found[1] ?? ''));
  return [...new Set(specifiers)].map((specifier) => ({ specifier, file: resolve(file, specifier) }));
}

function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return path.posix.join(path.posix.dirname(from), specifier);
}

/** Good enough for import lines; a `//` inside a text may cut a line short there. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

/** The package of an import that leads to none of our files: `node:fs` → `node:`, `a/b` → `a`, `@a/b/c` → `@a/b`. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  return /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}
