import { elision } from '../elision.ts';
import { splitLines, usualEnd } from '../lines.ts';
import { editChangesNothing } from '../prompts.ts';
import { shown } from '../workspacePaths.ts';
import { defineTool, right, wrong } from './tool.ts';
import { writtenLines } from './writtenLines.ts';

/** Of a longer file a model leaves lines out when it writes all of it. */
const MAX_LINES = 200;

export const writeFile = defineTool({
  name: 'write_file',
  header: { path: 'text' },
  body: 'lines',
  example: { path: 'src/colour.ts', body: "export const COLOUR = 'red';" },
  does: `makes a new file, or writes one of up to ${MAX_LINES} lines anew: all of its lines, none left out.`,
  effect: 'edit',
  family: 'files',
  words: ({ path }) => ({ doing: `writing ${shown(path)}`, what: `write ${shown(path)}` }),
  run({ path, body }, { overlay }) {
    const place = overlay.find(path);
    const name = shown(path);
    if (place.is === 'folder') return wrong(`${name} is a folder`);
    const before = overlay.read(place);
    const old = splitLines(before ?? '');
    if (old.length > MAX_LINES) return wrong(`${name} has ${old.length} lines: edit_file changes some of them`);
    const lines = writtenLines(body, place.path);
    if (before !== null && lines.length === 0) return wrong('the new lines of the file are missing below the call');
    const left = elision(lines, before ?? '', place.path);
    if (left !== undefined) return wrong(left);
    const mark = before?.startsWith('\uFEFF') ? '\uFEFF' : '';
    const text = mark + lines.map((line) => line + usualEnd(old)).join('');
    if (text === before) return wrong(editChangesNothing);
    return { ...right(`${before === null ? 'made' : 'wrote'} ${name}`), edited: [overlay.write(place, text)] };
  },
});
