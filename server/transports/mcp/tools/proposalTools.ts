import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { MethodName } from '../../../../protocol/index.ts';
import { askCore } from '../../api/route.ts';
import type { Served } from '../../served.ts';
import { diffOf } from '../diff.ts';
import { orWhyNot, said } from '../result.ts';
import { TaskRef } from './taskTools.ts';

type Decision = Extract<MethodName, 'proposal/accept' | 'proposal/reject' | 'proposal/undo'>;

const DECISIONS: readonly [name: string, method: Decision, title: string, description: string, done: string][] = [
  ['accept_proposal', 'proposal/accept', 'Accept edits', 'Writes the edits of a task to disk.', 'are on disk'],
  ['reject_proposal', 'proposal/reject', 'Reject edits', 'Drops the edits of a task.', 'were dropped'],
  ['undo_proposal', 'proposal/undo', 'Undo edits', 'Takes accepted edits of a task back.', 'were taken back'],
];

/** What a client sees of edits; `decides` is one that a person let decide on them. */
export function registerProposalTools(server: McpServer, served: Served, { decides }: { decides: boolean }): void {
  const coreOf = ({ mcpReq }: ServerContext) => askCore(served, mcpReq.signal);

  server.registerTool(
    'show_proposal',
    {
      title: 'Show edits',
      description: 'The edits of a task as a unified diff.',
      inputSchema: z.object({ task: TaskRef }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ task }, context) =>
      orWhyNot(async () => {
        const { proposal } = await coreOf(context)('proposal/show', { taskId: String(task) });
        return said(`The edits are ${proposal.status}.\n${diffOf(proposal.files)}`);
      }),
  );

  for (const [name, method, title, description, done] of decides ? DECISIONS : [])
    server.registerTool(
      name,
      {
        title,
        description: `${description} All files or none.`,
        inputSchema: z.object({ task: TaskRef }),
        annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
      },
      ({ task }, context) =>
        orWhyNot(async () => {
          const { proposal } = await coreOf(context)(method, { taskId: String(task) });
          return said(`The edits of ${proposal.files.map(({ path }) => path).join(', ')} ${done}.`);
        }),
    );
}
