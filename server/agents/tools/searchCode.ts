import type { CodeMatch } from '../../../protocol/index.ts';
import { shown } from '../workspacePaths.ts';
import { defineTool, right, type Tool } from './tool.ts';

const MOST = 8;

/** Finds code by what it is about, where `search_text` finds it by its letters. */
export const createSearchCode = (
  search: (query: string, limit: number, signal: AbortSignal) => Promise<CodeMatch[]>,
): Tool =>
  defineTool({
    name: 'search_code',
    header: { question: 'text' },
    body: 'none',
    example: { question: 'wait between retries' },
    does: 'finds definitions and lines by what they are about.',
    effect: 'look',
    family: 'code',
    words: ({ question }) => ({ doing: `looking for ${shown(question)}`, what: `look for ${shown(question)}` }),
    async run({ question }, { overlay, signal }) {
      const matches = await search(question, MOST, signal);
      // What the task has changed since may stand elsewhere by now.
      const changed = new Set(overlay.changes().map(({ path }) => path));
      const lines = matches.map(
        ({ path, from, to, name }) =>
          `${path}:${from}-${to}${name === null ? '' : ` ${name}`}${changed.has(path) ? ' (before your edits)' : ''}`,
      );
      return right(lines.length === 0 ? 'nothing found' : lines.join('\n'));
    },
  });
