import { isFolder, readResult, tooLong } from '../prompts.ts';
import { shown } from '../workspacePaths.ts';
import { bounded } from './listing.ts';
import { missing } from './missing.ts';
import { defineTool, right, type ToolContext, type ToolResult, wrong } from './tool.ts';

const words = ({ path }: { path: string }) => ({ doing: `reading ${shown(path)}`, what: `read ${shown(path)}` });

export const readFile = defineTool({
  name: 'read_file',
  header: { path: 'text', from: 'number', to: 'number' },
  body: 'none',
  example: { path: 'src/limits.ts', from: 1, to: 300 },
  does: 'shows lines of a file, or the files below a folder. Read a file before you edit it.',
  effect: 'look',
  family: 'files',
  words,
  async run({ path, from, to }, context) {
    const place = context.overlay.find(path);
    if (place.is === 'folder') return listFolder(place.path, { from, to }, context);
    const text = await textOf(path, context);
    if (typeof text !== 'string') return text;
    const lines = text.split('\n');
    const some = from === 1 && to >= lines.length ? lines : lines.slice(from - 1, to);
    if (some.length === 0)
      return wrong(`${shown(path)} has ${lines.length} lines; there are none from ${from} to ${to}`);
    const head = some === lines ? '' : `(lines ${from} to ${from + some.length - 1} of ${lines.length})\n`;
    const shownLines = head + some.join('\n');
    if (shownLines.length <= context.room) return right(shownLines);
    const fit = Math.floor((some.length * context.room * 0.9) / shownLines.length);
    const instead = fit < 1 ? 'search_text finds lines in it' : `ask for about ${fit} of its ${lines.length} lines`;
    return wrong(tooMuch(`${some.length} lines of ${shown(path)}`, shownLines.length, context.room, instead));
  },
});

const tooMuch = (what: string, characters: number, fit: number, instead: string): string =>
  `${what} have ${characters} characters, more than the ${fit} that fit here; ${instead}`;

/** The same as the embedded model was taught it: the file, whole. */
export const readWhole = defineTool({
  ...readFile,
  header: { path: 'text' },
  example: { path: 'src/limits.ts' },
  words,
  async run({ path }, context) {
    const text = await textOf(path, context);
    if (typeof text !== 'string') return text;
    if (text.length <= context.room) return right(text);
    return wrong(tooLong(shown(path), { characters: text.length, fit: context.room }));
  },
});

async function listFolder(
  folder: string,
  { from, to }: { from: number; to: number },
  { overlay, room, signal }: ToolContext,
): Promise<ToolResult> {
  const { paths, complete } = await overlay.list(folder, signal);
  const some = paths.slice(from - 1, to);
  const rest = complete && to >= paths.length;
  return right(bounded(some, { complete: rest, most: some.length, room, advice: 'ask for later lines' }));
}

/** A file as a model sees it: without its mark, with plain line ends, without the final one. */
async function textOf(path: string, context: ToolContext): Promise<string | ToolResult> {
  const place = context.overlay.find(path);
  if (place.is === 'folder') return wrong(isFolder(shown(path)));
  const content = context.overlay.read(place);
  if (content === null) return missing(place, context);
  return readResult(content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
}
