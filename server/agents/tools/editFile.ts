import { applyEdits, type EditOutcome } from '../edits.ts';
import { elision } from '../elision.ts';
import { type CallOf, renderCall } from '../format.ts';
import { editChangesNothing, editResult, isFolder, notAsked, searchAmbiguous, searchNotFound } from '../prompts.ts';
import { qualified } from '../wholeFunction.ts';
import { type Place, shown } from '../workspacePaths.ts';
import { missing } from './missing.ts';
import { defineTool, right, type ToolContext, type ToolResult, wrong } from './tool.ts';

type EditCall = CallOf<{ path: 'text' }, 'edits'>;
type Failure = Exclude<EditOutcome, { ok: true }>;

/** As the embedded model was taught it. */
export const editTaught = defineTool({
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
  run: (call, context) => putIn(call, context, async () => ''),
});

/** The same, but it says what else may be done after a miss, and what an edit broke. */
export const editFile = defineTool({
  ...editTaught,
  async run(call, context) {
    const { overlay } = context;
    const place = overlay.find(call.path);
    const before = place.is === 'file' ? overlay.read(place) : null;
    const result = await putIn(call, context, otherWay);
    if (!result.ok) return result;
    const broken = await damage(place.path, before, overlay.read(place), context);
    return broken === undefined ? result : { ...result, text: `${result.text}\n${broken}` };
  },
});

async function putIn(
  { path, body }: EditCall,
  context: ToolContext,
  adviceAfterMiss: typeof otherWay,
): Promise<ToolResult> {
  const place = context.overlay.find(path);
  if (place.is === 'folder') return wrong(isFolder(shown(path)));
  const before = context.overlay.read(place);
  const outcome = applyEdits(before, body);
  if (!outcome.ok) {
    const problem = await problemOf(outcome, place, context);
    const advice = outcome.problem === 'notFound' ? await adviceAfterMiss(place, before ?? '', outcome, context) : '';
    return wrong(
      body.length > 1 ? `block ${outcome.block}: ${problem.text}; no block was put in${advice}` : problem.text + advice,
    );
  }
  const left = elision(
    body.flatMap(({ replace }) => replace.split('\n')),
    before ?? '',
    place.path,
  );
  if (left !== undefined) return wrong(left);
  const edit = { path: place.path, before, after: outcome.content };
  if (context.isAsked && !context.isAsked(edit)) return wrong(notAsked);
  return { ...right(editResult(shown(path))), edited: [context.overlay.write(place, outcome.content)] };
}

async function problemOf(outcome: Failure, place: Place, context: ToolContext): Promise<ToolResult> {
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

/** A model that does not copy a text well may write the function anew in which it was looking. */
async function otherWay(
  { path }: Place,
  content: string,
  { nearest }: { nearest?: string | undefined },
  { syntax }: ToolContext,
): Promise<string> {
  const text = content.replace(/^\uFEFF/, '');
  const at = nearest === undefined ? -1 : text.indexOf(nearest.replace(/…$/, ''));
  const parsed = at < 0 ? undefined : await syntax.parse(path, text);
  const around = parsed?.definitions.filter(({ kind, start, end }) => kind === 'function' && start <= at && at < end);
  const innermost = around?.at(-1);
  if (!innermost) return '';
  const call = renderCall({ tool: 'write_function', path, name: qualified(innermost) });
  return `; or write the function anew: ${call}, and all of its lines below`;
}

/** What does not parse any more. */
async function damage(
  path: string,
  before: string | null,
  after: string | null,
  { syntax }: ToolContext,
): Promise<string | undefined> {
  const now = await syntax.parse(path, (after ?? '').replace(/^\uFEFF/, ''));
  const [first] = now?.problems ?? [];
  if (!now || !first) return undefined;
  const then = await syntax.parse(path, (before ?? '').replace(/^\uFEFF/, ''));
  if ((then?.problems.length ?? 0) >= now.problems.length) return undefined;
  return `but it is no valid ${now.language} any more, see line ${first.line}: ${first.text}`;
}
