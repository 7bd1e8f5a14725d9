import { shown } from '../workspacePaths.ts';
import { missing } from './missing.ts';
import { defineTool, right, wrong } from './tool.ts';

export const deleteFile = defineTool({
  name: 'delete_file',
  header: { path: 'text' },
  body: 'none',
  example: { path: 'src/old.ts' },
  does: 'deletes a file.',
  effect: 'edit',
  family: 'files',
  words: ({ path }) => ({ doing: `deleting ${shown(path)}`, what: `delete ${shown(path)}` }),
  async run({ path }, context) {
    const place = context.overlay.find(path);
    if (place.is === 'folder') return wrong(`${shown(path)} is a folder: delete its files one by one`);
    if (place.is === 'nothing') return missing(place, context);
    return { ...right(`deleted ${shown(path)}`), edited: [context.overlay.remove(place)] };
  },
});
