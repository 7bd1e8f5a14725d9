import { applyEdits, type EditOutcome } from '../edits.ts';
import { editChangesNothing, editResult, isFolder, notAsked, searchAmbiguous, searchNotFound } from '../prompts.ts';
import { type Place, shown } from '../workspacePaths.ts';
import { missing } from './missing.ts';
import { defineTool, right, type ToolContext, type ToolResult, wrong } from './tool.ts';

export const editFile = defineTool({
  name: 'edit_file',
  header: { path: 'text' },
  body: 'edits',
  example: { path: 'src/limits.ts', body: [{ search: 'const RETRY_MAX = 3;', replace: 'const RETRY_MAX = 5;' }] },
  does: 'replaces text. SEARCH is copied from the file: whole lines, unchanged, enough of them to stand once. Several blocks may follow each other. An empty SEARCH creates a new file.',
  effect: 'edit',
  family: 'files',
  words: ({ path, body }) => ({
    doing: `editing ${shown(path)}`,
    what: `edit ${shown(path)}${body.length > 1 ? ` in ${body.length} places` : ''}`,
  }),
  async run({ path, body }, context) {
    const place = context.overlay.find(path);
    if (place.is === 'folder') return wrong(isFolder(shown(path)));
    const before = context.overlay.read(place);
    const outcome = applyEdits(before, body);
    if (!outcome.ok) {
      const problem = await problemOf(outcome, place, context);
      return body.length > 1 ? wrong(`block ${outcome.block}: ${problem.text}; no block was put in`) : problem;
    }
    const edit = { path: place.path, before, after: outcome.content };
    if (context.isAsked && !context.isAsked(edit)) return wrong(notAsked);
    return { ...right(editResult(shown(path))), edited: [context.overlay.write(place, outcome.content)] };
  },
});

async function problemOf(
  outcome: Exclude<EditOutcome, { ok: true }>,
  place: Place,
  context: ToolContext,
): Promise<ToolResult> {
  switch (outcome.problem) {
    case 'notFound':
      return wrong(searchNotFound(outcome.nearest));
    case 'ambiguous':
      return wrong(searchAmbiguous(outcome.lines));
    case 'exists':
      return wrong(`${shown(place.path)} exists: copy the lines to change into SEARCH`);
    case 'noFile':
      return missing(place, context);
    case 'unchanged':
      return wrong(editChangesNothing);
  }
}
