import { elision } from '../elision.ts';
import { editChangesNothing, editResult, isFolder } from '../prompts.ts';
import { replaceWhole } from '../wholeFunction.ts';
import { shown } from '../workspacePaths.ts';
import { missing } from './missing.ts';
import { defineTool, right, wrong } from './tool.ts';
import { writtenLines } from './writtenLines.ts';

/** For models that do not copy well: no text has to be found again, only a name. */
export const writeFunction = defineTool({
  name: 'write_function',
  header: { path: 'text', name: 'text' },
  body: 'lines',
  example: {
    path: 'src/sums.ts',
    name: 'add',
    body: 'export function add(a: number, b: number) {\n  return a + b;\n}',
  },
  does: 'writes one function, method or class anew: all of its lines, none left out.',
  effect: 'edit',
  family: 'code',
  words: ({ path, name }) => ({
    doing: `editing ${shown(path)}`,
    what: `write ${shown(name)} anew in ${shown(path)}`,
  }),
  async run({ path, name, body }, context) {
    const { overlay, syntax } = context;
    const place = overlay.find(path);
    if (place.is === 'folder') return wrong(isFolder(shown(path)));
    const content = overlay.read(place);
    if (content === null) return missing(place, context);
    const lines = writtenLines(body, place.path);
    if (lines.length === 0) return wrong(`the new lines of ${shown(name)} are missing below the call`);
    const left = elision(lines, content, place.path);
    if (left !== undefined) return wrong(left);
    const outcome = await replaceWhole({ path: place.path, content }, { name, lines }, syntax);
    if (!outcome.ok) return wrong(`${shown(path)}: ${outcome.problem}`);
    if (outcome.content === content) return wrong(editChangesNothing);
    return { ...right(editResult(shown(path))), edited: [overlay.write(place, outcome.content)] };
  },
});
