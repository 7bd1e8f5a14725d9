import { posix } from 'node:path';
import type { Problem } from '../../protocol/index.ts';
import { hasName, wordOf } from '../agents/sentence.ts';
import type { Request } from '../agents/taught.ts';
import { declarationsIn } from './declarations.ts';

/** A rename of a function that solves a problem. */
export type Rename = Extract<Request, { act: 'rename' }>;

interface FixDeps {
  /** The problem's file, inside the workspace, and its text. */
  path: string;
  text: string;
  /** The text of another file as it is on disk; undefined when there is none. */
  read(path: string): string | undefined;
}

/** TypeScript's error 2724, `'{0}' has no exported member named '{1}'. Did you mean '{2}'?`. */
const NO_MEMBER =
  /^'"(?<module>[^"]+)"' has no exported member named '(?<wanted>[^']+)'\. Did you mean '(?<there>[^']+)'\?/;
/** ESLint's `camelcase`, typescript-eslint's `naming-convention`, Biome's `useNamingConvention`. */
const CAMEL_CASE = /camel ?case/i;

/**
 * The one rename that makes a problem go away, for problems that have one: a function whose declaration has another name than
 * the module that imports it wants, or one that is not written in camel case. Only where the name stands once in its file:
 * the embedded model was taught to rename a declaration.
 */
export function definiteFix({ message, code, range }: Problem, deps: FixDeps): Rename | undefined {
  const { module, wanted, there } = NO_MEMBER.exec(message)?.groups ?? {};
  if (module && wanted && there) {
    const path = filesOf(module, deps.path).find((file) => deps.read(file) !== undefined);
    const rename = path && { act: 'rename' as const, path, name: there, newName: wanted };
    return rename && mayRename(rename, deps.read(rename.path) ?? '') ? rename : undefined;
  }
  if (!CAMEL_CASE.test(`${code ?? ''} ${message}`)) return undefined;
  const line = deps.text.split(/\r?\n/)[range.start.line] ?? '';
  const name = /^[\w$]+/.exec(line.slice(range.start.character))?.[0] ?? '';
  const rename = { act: 'rename' as const, path: deps.path, name, newName: camelCase(name) };
  return mayRename(rename, deps.text) ? rename : undefined;
}

function mayRename({ name, newName }: Rename, text: string): boolean {
  if (name === '' || name === newName || hasName(text, newName)) return false;
  const once = [...text.matchAll(wordOf(name, 'g'))].length === 1;
  return once && declarationsIn(text).some((one) => one.is === 'function' && one.name === name);
}

const camelCase = (name: string): string =>
  name
    .replace(/(?<=[a-z\d])_+([a-z\d])/gi, (_, next: string) => next.toUpperCase())
    .replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());

/** Files that a relative import may mean, as TypeScript looks for them. */
function filesOf(module: string, from: string): string[] {
  if (!module.startsWith('.')) return [];
  const named = posix.join(posix.dirname(from), module);
  const bare = named.replace(/\.[cm]?js$/, '');
  return [named, ...['.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '/index.ts', '/index.js'].map((end) => bare + end)];
}
