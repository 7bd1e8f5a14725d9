import { searchFiles } from '../files.ts';
import { shown } from '../workspacePaths.ts';
import { bounded } from './listing.ts';
import { missing } from './missing.ts';
import { defineTool, right } from './tool.ts';

const MAX_MATCHES = 50;
/** Characters of a line. */
const MAX_LINE = 200;

export const searchText = defineTool({
  name: 'search_text',
  header: { path: 'text', text: 'text' },
  body: 'none',
  example: { path: 'src', text: 'retry' },
  does: 'finds lines that contain a text.',
  effect: 'look',
  family: 'files',
  words: ({ path, text }) => ({
    doing: `searching ${shown(path)}`,
    what: `search ${shown(text)} in ${shown(path)}`,
  }),
  async run({ path, text }, context) {
    const { overlay, signal, room } = context;
    const place = overlay.find(path);
    if (place.is === 'nothing' && overlay.read(place) === null) return missing(place, context);
    const { paths, complete } =
      place.is === 'folder'
        ? await overlay.listWith(text, place.path, signal)
        : { paths: [place.path], complete: true };
    const read = (path: string): string | undefined => {
      try {
        return overlay.read(overlay.find(path)) ?? undefined;
      } catch {
        // Binary, too large, gone meanwhile: a search passes over what it cannot read.
        return undefined;
      }
    };
    const found = await searchFiles({ paths, read, text, limit: MAX_MATCHES, signal });
    const lines = found.matches.map((match) => `${match.path}:${match.line}: ${clip(match.text)}`);
    return right(
      bounded(lines, {
        complete: complete && found.complete,
        most: MAX_MATCHES,
        room,
        advice: 'search a folder below, or a longer text',
      }),
    );
  },
});

const clip = (line: string): string => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line);
