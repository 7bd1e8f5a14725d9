import { shown } from '../workspacePaths.ts';
import { bounded } from './listing.ts';
import { defineTool, right, wrong } from './tool.ts';

const MAX_PATHS = 200;

export const listFiles = defineTool({
  name: 'list_files',
  header: { path: 'text' },
  body: 'none',
  example: { path: 'src' },
  does: 'lists the files below a folder ("." is the workspace).',
  effect: 'look',
  family: 'files',
  words: ({ path }) => ({ doing: `listing ${shown(path)}`, what: `list ${shown(path)}` }),
  async run({ path }, { overlay, room, signal }) {
    const place = overlay.find(path);
    if (place.is === 'file') return right(place.path);
    const { paths, complete } = await overlay.list(place.path, signal);
    if (place.is === 'nothing' && paths.length === 0) return wrong(`no such folder: ${shown(path)}`);
    return right(bounded(paths, { complete, most: MAX_PATHS, room, advice: 'list a folder below' }));
  },
});
