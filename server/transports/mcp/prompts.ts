import { completable, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { askCore } from '../api/route.ts';
import type { Served } from '../served.ts';
import { diffOf } from './diff.ts';
import { clipped, MAX_ANSWER } from './result.ts';

/** Tasks that are suggested for an argument. */
const SUGGESTED = 100;

export function registerPrompts(server: McpServer, served: Served): void {
  server.registerPrompt(
    'review_proposal',
    {
      title: 'Review edits',
      description: 'Asks for a review of the edits that a task proposes.',
      argsSchema: z.object({
        task: completable(z.string().min(1).max(64).describe('The number of the task'), async (typed) => {
          const { tasks } = await askCore(served, new AbortController().signal)('task/list', { limit: SUGGESTED });
          const open = tasks.filter(({ proposal }) => proposal === 'open').map(({ number }) => String(number));
          return open.filter((number) => number.startsWith(typed));
        }),
      }),
    },
    async ({ task: ref }, { mcpReq }) => {
      const core = askCore(served, mcpReq.signal);
      const { task } = await core('task/show', { taskId: ref });
      const { proposal } = await core('proposal/show', { taskId: ref });
      const text =
        'Review these edits. Say what is wrong with them, the most serious first, with file and line; then whether they do what was asked, ' +
        'and nothing else.\n\n' +
        `What was asked:\n${task.instruction}\n\nThe edits:\n${diffOf(proposal.files)}`;
      return { messages: [{ role: 'user', content: { type: 'text', text: clipped(text, MAX_ANSWER) } }] };
    },
  );
}
