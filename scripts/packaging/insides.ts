/** What packages with native files and WebAssembly have inside of them, which their own manifests do not say. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { inRepository } from '../paths.ts';
import { knownText } from './licences.ts';

export interface Shipped {
  readonly name: string;
  readonly version?: string;
  /** An SPDX expression. */
  readonly licence: string;
  readonly texts: readonly string[];
  /** Of the archive that it came in; `sha512-` and base64, as in package-lock.json. */
  readonly integrity?: string;
  /** Where it comes from, when it is none of npm's packages. */
  readonly source?: string;
  /** What it has inside that is no package of npm: C, C++, Rust, grammars. */
  readonly inside: readonly Shipped[];
}

type Inside = Pick<Shipped, 'name' | 'version' | 'licence' | 'source'>;

/** Of @vscode/ripgrep 1.18.0, as its program says itself (`rg --version`). */
export const ripgrep: readonly Inside[] = [
  { name: 'ripgrep', version: '15.0.0', licence: 'MIT OR Unlicense', source: 'https://github.com/BurntSushi/ripgrep' },
  { name: 'pcre2', version: '10.45', licence: 'BSD-3-Clause', source: 'https://github.com/PCRE2Project/pcre2' },
];

export async function insides(name: string, place: string): Promise<Shipped[]> {
  const found = await insideOf(name, place);
  return found.map((one) => ({
    ...one,
    texts: [knownText(one.name.replace(/^tree-sitter-.*/, 'grammar'))],
    inside: [],
  }));
}

async function insideOf(name: string, place: string): Promise<readonly Inside[]> {
  if (name === 'better-sqlite3-multiple-ciphers') return database();
  if (name.startsWith('@node-llama-cpp/')) return llama();
  if (name.startsWith('@vscode/ripgrep-')) return ripgrep;
  if (name === '@vscode/tree-sitter-wasm') return grammars(place);
  return [];
}

async function database(): Promise<Inside[]> {
  const header = await readFile(inRepository('node_modules/better-sqlite3/deps/sqlite3/sqlite3.h'), 'utf8');
  const said = (pattern: RegExp): string => {
    const [, version] = pattern.exec(header) ?? [];
    if (version === undefined) throw new Error(`sqlite3.h says nothing like ${pattern}`);
    return version;
  };
  return [
    {
      name: 'sqlite3mc',
      version: said(/SQLITE3MC_VERSION_STRING +"SQLite3 Multiple Ciphers ([\d.]+)"/),
      licence: 'MIT',
      source: 'https://github.com/utelle/SQLite3MultipleCiphers',
    },
    { name: 'sqlite', version: said(/SQLITE_VERSION +"([\d.]+)"/), licence: 'blessing', source: 'https://sqlite.org' },
  ];
}

async function llama(): Promise<Inside[]> {
  const file = inRepository('node_modules/node-llama-cpp/llama/binariesGithubRelease.json');
  const { release }: { release: string } = JSON.parse(await readFile(file, 'utf8'));
  return [{ name: 'llama.cpp', version: release, licence: 'MIT', source: 'https://github.com/ggml-org/llama.cpp' }];
}

/** The grammars have no versions there: they are what VS Code's own build took. */
async function grammars(place: string): Promise<Inside[]> {
  const { registrations } = JSON.parse(
    await readFile(inRepository('node_modules/@vscode/tree-sitter-wasm/cgmanifest.json'), 'utf8'),
  );
  const files = (await readdir(path.join(place, 'wasm'))).filter((file) => file.endsWith('.wasm')).sort();
  return files.map((file) => {
    const name = path.basename(file, '.wasm');
    const version = name === 'tree-sitter' ? { version: String(registrations[0].version) } : {};
    return { name, ...version, licence: 'MIT', source: 'https://github.com/microsoft/vscode-tree-sitter-wasm' };
  });
}
