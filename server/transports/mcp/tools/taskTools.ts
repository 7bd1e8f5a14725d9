import { randomUUID } from 'node:crypto';
import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { MAX_TEXT, type Task, TaskKind, TaskStatus } from '../../../../protocol/index.ts';
import { askCore } from '../../api/route.ts';
import type { Served } from '../../served.ts';
import { orWhyNot, said } from '../result.ts';
import { TaskView, tell, tellShort, viewOf } from '../taskView.ts';
import { waitForEnd } from '../taskWatch.ts';

export const TaskRef = z.union([z.number().int().min(1), z.string().min(1).max(64)]).describe('The number of the task');

const OneTask = z.object({ task: TaskView });

const told = (task: Task) => said(tell(task), { task: viewOf(task) });

/** Seconds that a call waits for a task when it does not say how many, and at most. */
const WAIT = { normal: 600, most: 86_400 };

/** What a client does with tasks, but for deciding on their edits. */
export function registerTaskTools(server: McpServer, served: Served): void {
  const coreOf = ({ mcpReq }: ServerContext) => askCore(served, mcpReq.signal);

  server.registerTool(
    'submit_task',
    {
      title: 'Submit a task',
      description:
        'Gives a task to the local models of this workspace. An agent task edits files: its edits become a proposal that a ' +
        'person accepts or not, and nothing on disk changes before. An ask task answers a question about the workspace.',
      inputSchema: z.object({
        instruction: z.string().trim().min(1).max(MAX_TEXT).describe('What to do, in a sentence or more'),
        kind: TaskKind.default('agent'),
        file: z.string().max(4096).optional().describe('The file that it is about, relative to the workspace'),
        model: z.string().min(1).max(128).default('default').describe('See list_models'),
        after: z.array(TaskRef).max(100).default([]).describe('Tasks that have to be done before'),
        wait: z
          .boolean()
          .default(false)
          .describe('Answer only when it has ended; cancelling the call cancels the task'),
      }),
      outputSchema: OneTask,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    },
    ({ file, after, wait, ...asked }, context) =>
      orWhyNot(async () => {
        const core = coreOf(context);
        const { task } = await core('task/submit', {
          ...asked,
          id: randomUUID(),
          ...(file !== undefined && { context: { path: file } }),
          dependsOn: after.map((ref) => ({ taskId: String(ref) })),
        });
        if (!wait) return told(task);
        try {
          return told(await waitForEnd({ served, ref: task.id, context, ms: WAIT.most * 1000 }));
        } catch (thrown) {
          if (context.mcpReq.signal.aborted) await served.dispatch('task/cancel', { taskId: task.id });
          throw thrown;
        }
      }),
  );

  server.registerTool(
    'list_tasks',
    {
      title: 'List tasks',
      description: 'The tasks of this workspace, newest first.',
      inputSchema: z.object({
        status: z.array(TaskStatus).optional().describe('Only these'),
        before: z.number().int().optional().describe('Only tasks with a smaller number: the next page'),
        limit: z.number().int().min(1).max(100).default(20),
      }),
      outputSchema: z.object({ tasks: z.array(TaskView), total: z.number().int() }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (asked, context) =>
      orWhyNot(async () => {
        const { status, before, limit } = asked;
        const { tasks, total } = await coreOf(context)('task/list', {
          limit,
          ...(status && { status }),
          ...(before !== undefined && { before }),
        });
        const text = tasks.length === 0 ? 'There are none.' : tasks.map(tellShort).join('\n');
        return said(`${text}\n${tasks.length} of ${total}.`, { tasks: tasks.map(viewOf), total });
      }),
  );

  server.registerTool(
    'show_task',
    {
      title: 'Show a task',
      description: 'How a task is, what came of it, and whether its edits wait for a person.',
      inputSchema: z.object({ task: TaskRef }),
      outputSchema: OneTask,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ task }, context) =>
      orWhyNot(async () => told((await coreOf(context)('task/show', { taskId: String(task) })).task)),
  );

  server.registerTool(
    'wait_for_task',
    {
      title: 'Wait for a task',
      description:
        'Answers when a task has ended, or after some time with how it is then. Reports its progress meanwhile.',
      inputSchema: z.object({
        task: TaskRef,
        seconds: z.number().int().min(0).max(WAIT.most).default(WAIT.normal).describe('To wait at most'),
      }),
      outputSchema: OneTask,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ task, seconds }, context) =>
      orWhyNot(async () => told(await waitForEnd({ served, ref: String(task), context, ms: seconds * 1000 }))),
  );

  server.registerTool(
    'list_task_events',
    {
      title: 'List what a task did',
      description: 'The log of a task: its turns, calls and results, in order.',
      inputSchema: z.object({
        task: TaskRef,
        after: z.number().int().min(0).default(0).describe('Only events with a larger number'),
        limit: z.number().int().min(1).max(1000).default(100),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ task, after, limit }, context) =>
      orWhyNot(async () => {
        const { events } = await coreOf(context)('task/events', { taskId: String(task), after, limit });
        const lines = events.map(({ seq, type, data }) => `${seq} ${type} ${JSON.stringify(data)}`);
        return said(lines.length === 0 ? 'There are none.' : lines.join('\n'));
      }),
  );

  server.registerTool(
    'cancel_task',
    {
      title: 'Cancel a task',
      description: 'Ends a task that waits or runs, and the parts of it.',
      inputSchema: z.object({ task: TaskRef }),
      outputSchema: OneTask,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ task }, context) =>
      orWhyNot(async () => told((await coreOf(context)('task/cancel', { taskId: String(task) })).task)),
  );
}
