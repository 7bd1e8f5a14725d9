import { isFolder } from '../prompts.ts';
import { shown } from '../workspacePaths.ts';
import { bounded } from './listing.ts';
import { missing } from './missing.ts';
import { defineTool, right, type ToolContext, type ToolResult, wrong } from './tool.ts';

const MAX_PROBLEMS = 50;

export const diagnostics = defineTool({
  name: 'diagnostics',
  header: { path: 'text' },
  body: 'none',
  example: { path: 'src/limits.ts' },
  does: 'shows what is wrong with a file: what the editor finds, and of your own edits whether they still parse.',
  effect: 'look',
  family: 'code',
  words: ({ path }) => ({ doing: `checking ${shown(path)}`, what: `check ${shown(path)}` }),
  async run({ path }, context) {
    const { overlay, editor, syntax, signal } = context;
    const place = overlay.find(path);
    if (place.is === 'folder') return wrong(isFolder(shown(path)));
    const content = overlay.read(place);
    if (content === null) return missing(place, context);
    // The editor knows the file on disk, not what this task made of it.
    const isEdited = overlay.changes().some((file) => file.path === place.path);
    const found = isEdited ? undefined : await editor?.ask('editor/diagnostics', { path: place.path }, signal);
    if (found) {
      const lines = found.diagnostics.map(
        ({ line, severity, message, source }) =>
          `line ${line}: ${severity}: ${message.replace(/\s*\n\s*/g, ' ')}${source === '' ? '' : ` (${source})`}`,
      );
      return listed(lines, 'the editor says', context);
    }
    const parsed = await syntax.parse(place.path, content.replace(/^\uFEFF/, ''));
    if (!parsed) return wrong(`nothing here can check ${shown(path)}`);
    const whose = isEdited ? 'with your edits, by the grammar alone' : 'by the grammar alone';
    return listed(
      parsed.problems.map(({ line, text }) => `line ${line} is no valid ${parsed.language}: ${text}`),
      whose,
      context,
    );
  },
});

function listed(lines: readonly string[], whose: string, { room }: ToolContext): ToolResult {
  if (lines.length === 0) return right(`no problems (${whose})`);
  const advice = 'mend these first';
  const rest = room - whose.length - 2;
  return right(`${whose}:\n${bounded(lines, { complete: true, most: MAX_PROBLEMS, room: rest, advice })}`);
}
