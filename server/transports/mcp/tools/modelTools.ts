import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ModelRef } from '../../../../protocol/index.ts';
import { askCore } from '../../api/route.ts';
import type { Served } from '../../served.ts';
import { modelView, tellModel } from '../modelView.ts';
import { orWhyNot, said } from '../result.ts';

export function registerModelTools(server: McpServer, served: Served): void {
  server.registerTool(
    'list_models',
    {
      title: 'List models',
      description: 'The models of this machine. A task takes a name, name@version, or an alias.',
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ mcpReq }) =>
      orWhyNot(async () => {
        const { models } = await askCore(served, mcpReq.signal)('model/list', {});
        return said(models.length === 0 ? 'There are none.' : models.map(tellModel).join('\n'));
      }),
  );

  server.registerTool(
    'show_model',
    {
      title: 'Show a model',
      description: 'All that is known of one model: size, licence, speed on this machine.',
      inputSchema: z.object({ model: ModelRef.describe('Name, name@version, or alias') }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ model: ref }, { mcpReq }) =>
      orWhyNot(async () => {
        const { model, facts } = await askCore(served, mcpReq.signal)('model/show', { model: ref });
        return said(JSON.stringify({ ...modelView(model), facts }, null, 1));
      }),
  );
}
