import { shown } from '../workspacePaths.ts';
import { missing } from './missing.ts';
import { defineTool, right, wrong } from './tool.ts';

export const moveFile = defineTool({
  name: 'move_file',
  header: { from: 'text', to: 'text' },
  body: 'none',
  example: { from: 'src/limit.ts', to: 'src/limits.ts' },
  does: 'moves or renames a file; what other files say of it stays as it is.',
  effect: 'edit',
  family: 'files',
  words: ({ from, to }) => ({ doing: `moving ${shown(from)}`, what: `move ${shown(from)} to ${shown(to)}` }),
  async run({ from, to }, context) {
    const { overlay } = context;
    const [source, target] = [overlay.find(from), overlay.find(to)];
    if (source.is === 'folder') return wrong(`${shown(from)} is a folder: move its files one by one`);
    if (target.is === 'folder') return wrong(`${shown(to)} is a folder: name the file in it`);
    const text = overlay.read(source);
    if (text === null) return missing(source, context);
    if (target.is === 'file') return wrong(`${shown(to)} is there already`);
    const written = overlay.write(target, text);
    return { ...right(`moved ${shown(from)} to ${shown(to)}`), edited: [overlay.remove(source), written] };
  },
});
