import { setImmediate } from 'node:timers/promises';
import type { EditorSymbol } from '../../../protocol/index.ts';
import { languageOf } from '../../syntax/languages.ts';
import type { Listing } from '../files.ts';
import { qualified } from '../wholeFunction.ts';
import { shown } from '../workspacePaths.ts';
import { bounded } from './listing.ts';
import { defineTool, right, type ToolContext } from './tool.ts';

const MAX_SYMBOLS = 50;
/** Files that hold the name and are parsed. */
const MAX_PARSED = 300;

export const findSymbol = defineTool({
  name: 'find_symbol',
  header: { name: 'text' },
  body: 'none',
  example: { name: 'clampRate' },
  does: 'shows where a function, class or type is defined.',
  effect: 'look',
  family: 'code',
  words: ({ name }) => ({ doing: `looking for ${shown(name)}`, what: `find the symbol ${shown(name)}` }),
  async run({ name }, context) {
    const { symbols, complete } = await symbolsNamed(name, context);
    const lines = symbols.map(({ path, line, kind, name }) => `${path}:${line}: ${kind} ${name}`);
    const limits = { complete, most: MAX_SYMBOLS, room: context.room, advice: 'search_text finds lines with the name' };
    return right(bounded(lines, limits));
  },
});

/**
 * As the editor's languages know it, where there is an editor and they do; of what the task edited, and elsewhere, by the
 * structure of the files: those that have the name, or else it as a part of theirs.
 */
export async function symbolsNamed(
  name: string,
  context: ToolContext,
): Promise<{ symbols: EditorSymbol[]; complete: boolean }> {
  const { overlay, editor, signal } = context;
  const word = name.split(/[.:#]+/).at(-1) || name;
  const isSame = (one: EditorSymbol): boolean => one.name === name || one.name.endsWith(`.${name}`);
  const said = (await editor?.ask('editor/symbols', { name }, signal))?.symbols.filter(isSame) ?? [];
  const edited = new Set(overlay.changes().map(({ path }) => path));
  const fromEditor = said.filter(({ path }) => !edited.has(path) && isFile(path, overlay));
  const paths = await overlay.listWith(word, '.', signal);
  // What the editor does not know is only looked for where it cannot know it.
  const own = fromEditor.length > 0 ? { ...paths, paths: paths.paths.filter((path) => edited.has(path)) } : paths;
  const exact = await definitionsIn(own, word, context);
  const same = [...fromEditor, ...exact.symbols.filter(isSame)];
  if (same.length > 0) return { symbols: same, complete: exact.complete };
  const all = await definitionsIn(await overlay.list('.', signal), word, context);
  const part = word.toLowerCase();
  const isLike = (one: EditorSymbol): boolean => (one.name.split('.').at(-1) ?? '').toLowerCase().includes(part);
  return { symbols: all.symbols.filter(isLike), complete: all.complete };
}

/** What the files define that have a word, in whatever case. */
async function definitionsIn(
  { paths, complete }: Listing,
  word: string,
  { overlay, syntax, signal }: ToolContext,
): Promise<{ symbols: EditorSymbol[]; complete: boolean }> {
  const symbols: EditorSymbol[] = [];
  let parsed = 0;
  for (const [index, path] of paths.entries()) {
    if (index % 32 === 31) await setImmediate();
    signal.throwIfAborted();
    if (!languageOf(path)) continue;
    const text = readable(path, overlay);
    if (!text?.toLowerCase().includes(word.toLowerCase())) continue;
    if (++parsed > MAX_PARSED) return { symbols, complete: false };
    const definitions = (await syntax.parse(path, text))?.definitions ?? [];
    symbols.push(...definitions.map((one) => ({ path, line: one.line, kind: one.kind, name: qualified(one) })));
  }
  return { symbols, complete };
}

/** The editor may know files that are closed to tasks, or lie outside. */
function isFile(path: string, overlay: ToolContext['overlay']): boolean {
  try {
    return overlay.find(path).is === 'file';
  } catch {
    return false;
  }
}

function readable(path: string, overlay: ToolContext['overlay']): string | undefined {
  try {
    return overlay.read(overlay.find(path))?.replace(/^\uFEFF/, '');
  } catch {
    // Binary, too large, gone meanwhile: it defines nothing that could be shown.
    return undefined;
  }
}
