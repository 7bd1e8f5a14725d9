import { OspainError } from '../../protocol/index.ts';
import { createOverlay } from '../agents/overlay.ts';
import { searchText } from '../agents/tools/searchText.ts';
import { runTool } from '../agents/tools/tool.ts';
import type { Handlers } from '../dispatch.ts';
import type { Syntax } from '../syntax/syntax.ts';

/** Characters of what was found. */
const ROOM = 50_000;

/** What others see of the workspace is what an agent would see of it that has edited nothing. */
export function createWorkspaceHandlers({
  root,
  syntax,
}: {
  root: string;
  syntax: Syntax;
}): Pick<Handlers, 'workspace/search'> {
  return {
    'workspace/search': async ({ text, path }, { signal }) => {
      const call = { tool: searchText.name, path, text };
      const found = await runTool(searchText, call, { overlay: createOverlay(root), room: ROOM, signal, syntax });
      if (!found.ok) throw new OspainError('not_found', `${found.text}.`);
      return { text: found.text };
    },
  };
}
