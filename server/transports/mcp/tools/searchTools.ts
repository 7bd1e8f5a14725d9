import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { askCore } from '../../api/route.ts';
import type { Served } from '../../served.ts';
import { orWhyNot, said } from '../result.ts';

export function registerSearchTools(server: McpServer, served: Served): void {
  server.registerTool(
    'search_text',
    {
      title: 'Search the workspace',
      description: 'Finds lines that contain a text, letter for letter. What the ignore files name is left out.',
      inputSchema: z.object({
        text: z.string().min(1).max(1000),
        path: z.string().min(1).max(4096).default('.').describe('A file or a folder, relative to the workspace'),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (asked, { mcpReq }) =>
      orWhyNot(async () => said((await askCore(served, mcpReq.signal)('workspace/search', asked)).text)),
  );
}
