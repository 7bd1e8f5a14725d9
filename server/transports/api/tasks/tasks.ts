import { promisify } from 'node:util';
import { z } from 'zod';
import { OspainError, Task, TaskStatus, taskMethods } from '../../../../protocol/index.ts';
import { hasEnded } from '../../mcp/taskView.ts';
import type { Served } from '../../served.ts';
import { type Ask, type Route, route } from '../route.ts';
import { eventsOf, streamEvents } from './events.ts';

/** As `task/submit` takes it, but for what is done without asking: programs submit, and people decide. */
const NewTask = taskMethods['task/submit'].params.omit({ autoAccept: true }).strict();

const Seq = z.coerce.number().int().min(0);
const Filter = z.strictObject({
  status: z
    .union([TaskStatus, z.array(TaskStatus)])
    .transform((status) => [status].flat())
    .optional(),
  parent: z.string().min(1).max(64).optional().describe('Only the parts of this task.'),
  before: z.coerce.number().int().optional().describe('Only tasks with a smaller number: the next page.'),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
});
const After = z.strictObject({ after: Seq.optional().describe('Only events with a larger `seq`.') });

const common = { group: 'Tasks', entry: 'either', local: true } as const;

/** The tasks of the workspace, for programs on this machine and for the hub. */
export function taskRoutes(served: Served): Route[] {
  return [
    route({
      ...common,
      ...{ method: 'POST', path: '/api/tasks', id: 'submitTask', body: NewTask },
      summary: 'Submits a task; the same `id` again is the same task. Its edits wait for a person.',
      answers: { 201: ['The task.', Task] },
      async handle({ body, core, reply }) {
        const { task } = await core('task/submit', { ...body, autoAccept: 'none' });
        reply.code(201).header('location', `/api/tasks/${task.id}`);
        return task;
      },
    }),
    route({
      ...common,
      ...{ method: 'GET', path: '/api/tasks', id: 'listTasks', query: Filter },
      summary:
        'Lists the tasks, newest first. `?status=` (again for several), `?parent=`, `?before=` (a number), `?limit=`.',
      answers: { 200: ['A page of them.', taskMethods['task/list'].result] },
      handle: ({ query: { parent, ...asked }, core }) =>
        core('task/list', { ...defined(asked), ...(parent !== undefined && { parentId: parent }) }),
    }),
    {
      ...common,
      ...{ method: 'GET', path: '/api/tasks/{id}', id: 'showTask' },
      summary: 'Shows a task, by its id or its number.',
      answers: { 200: ['The task.', Task] },
      handle: async (ask) => (await show(ask)).task,
    },
    route({
      ...common,
      ...{ method: 'GET', path: '/api/tasks/{id}/events', id: 'watchTask', query: After },
      summary:
        'Tells all that a task did and does, until it has ended: as Server-Sent Events, or over a WebSocket. `?after=` (a `seq`).',
      headers: { 'Last-Event-ID': 'Goes on behind this event.' },
      answers: {
        200: ['Its events, each as JSON.', { type: 'text/event-stream' }],
        204: ['There will be none: it has ended.'],
      },
      async handle(ask) {
        const { reply, request } = ask;
        const lastId = request.headers['last-event-id'];
        const after = lastId === undefined ? (ask.query.after ?? 0) : read(lastId);
        const { task } = await show(ask);
        // So an EventSource, which comes back by itself, is told not to.
        if (lastId !== undefined && hasEnded(task) && task.lastSeq <= after) return reply.code(204).send();
        await streamEvents(ask, eventsOf({ served, taskId: task.id, after, core: ask.core, signal: ask.signal }));
        return reply;
      },
      async socket(ask, socket) {
        const { core, signal, query } = ask;
        const { task } = await show(ask);
        const send = promisify<string, void>((text, done) => socket.send(text, done));
        for await (const event of eventsOf({ served, taskId: task.id, after: query.after ?? 0, core, signal }))
          await send(JSON.stringify(event));
        socket.close(1000, 'the task has ended');
      },
    }),
  ];
}

const show = ({ core, params }: Pick<Ask, 'core' | 'params'>) => core('task/show', { taskId: params['id'] ?? '' });

function read(lastEventId: string | string[]): number {
  const seq = Seq.safeParse(lastEventId);
  if (seq.success) return seq.data;
  throw new OspainError('invalid_params', 'Last-Event-ID is not the number of an event.');
}

const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
