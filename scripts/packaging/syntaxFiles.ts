/** What tree-sitter needs at run time: it is loaded by path, and finds its WebAssembly beside itself. */
import { languages } from '../../server/syntax/languages.ts';
import { licencesIn } from './llamaFiles.ts';

const root = 'node_modules/@vscode/tree-sitter-wasm';

/** Files below the repository, with the grammars that the product knows and no others. */
export async function syntaxFiles(): Promise<string[]> {
  const grammars = [...new Set(languages.map(({ grammar }) => `tree-sitter-${grammar}.wasm`))];
  const wasm = ['tree-sitter.js', 'tree-sitter.wasm', ...grammars].map((name) => `${root}/wasm/${name}`);
  return [`${root}/package.json`, ...(await licencesIn(root)), ...wasm];
}
