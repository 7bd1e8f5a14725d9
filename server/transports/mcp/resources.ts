import {
  type McpServer,
  ProtocolError,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
  type Variables,
} from '@modelcontextprotocol/server';
import { OspainError, type Task } from '../../../protocol/index.ts';
import { type Ask, askCore } from '../api/route.ts';
import type { Served } from '../served.ts';
import { diffOf } from './diff.ts';
import { modelView } from './modelView.ts';
import { clipped, whyNot } from './result.ts';
import { viewOf } from './taskView.ts';

export const TASKS = 'ospain2://tasks';
export const MODELS = 'ospain2://models';
export const taskUri = (number: number): string => `${TASKS}/${number}`;

/** Tasks that a list of resources names; the others are read by their number. */
const LISTED = 30;
const MAX_EVENTS = 1000;

type Core = Ask['core'];

/** What is read of one task, by the end of its address. */
const PARTS: Readonly<
  Record<string, { mimeType: string; title: string; read(core: Core, ref: string): Promise<string> }>
> = {
  '': {
    mimeType: 'application/json',
    title: 'Task',
    read: async (core, taskId) => json(viewOf((await core('task/show', { taskId })).task)),
  },
  '/result': {
    mimeType: 'text/plain',
    title: 'Result of a task',
    read: async (core, taskId) => (await core('task/show', { taskId })).task.result ?? '',
  },
  '/proposal': {
    mimeType: 'text/x-diff',
    title: 'Edits of a task',
    read: async (core, taskId) => diffOf((await core('proposal/show', { taskId })).proposal.files),
  },
  '/events': {
    mimeType: 'application/x-ndjson',
    title: 'What a task did',
    read: async (core, taskId) => {
      const { events } = await core('task/events', { taskId, limit: MAX_EVENTS });
      return events.map((event) => JSON.stringify(event)).join('\n');
    },
  },
};

export function registerResources(server: McpServer, served: Served): void {
  const coreOf = ({ mcpReq }: ServerContext): Core => askCore(served, mcpReq.signal);
  const read = async (uri: URL, mimeType: string, text: () => Promise<string>): Promise<ReadResourceResult> => {
    try {
      return { contents: [{ uri: uri.href, mimeType, text: clipped(await text(), MAX_TEXT) }] };
    } catch (thrown) {
      if (OspainError.from(thrown).code === 'not_found') throw new ResourceNotFoundError(uri.href, whyNot(thrown));
      throw new ProtocolError(-32_603, whyNot(thrown));
    }
  };

  server.registerResource(
    'tasks',
    TASKS,
    { title: 'Tasks', description: 'The newest tasks of this workspace.', mimeType: 'application/json' },
    (uri, context) =>
      read(uri, 'application/json', async () => {
        const { tasks, total } = await coreOf(context)('task/list', { limit: LISTED });
        return json({ tasks: tasks.map(viewOf), total });
      }),
  );
  server.registerResource(
    'models',
    MODELS,
    { title: 'Models', description: 'The models of this machine.', mimeType: 'application/json' },
    (uri, context) =>
      read(uri, 'application/json', async () => {
        const { models } = await coreOf(context)('model/list', {});
        return json({ models: models.map(modelView) });
      }),
  );

  const numbers = async (typed: string): Promise<string[]> => {
    const { tasks } = await askCore(served, new AbortController().signal)('task/list', { limit: 100 });
    return tasks.map(({ number }) => String(number)).filter((number) => number.startsWith(typed));
  };
  for (const [end, { mimeType, title, read: text }] of Object.entries(PARTS))
    server.registerResource(
      `task${end.replace('/', '-')}`,
      new ResourceTemplate(`${TASKS}/{task}${end}`, {
        list: async (context) => {
          const { tasks } = await coreOf(context)('task/list', { limit: LISTED });
          return { resources: tasks.filter(HAS[end] ?? none).map((task) => listed(task, end, mimeType)) };
        },
        complete: { task: numbers },
      }),
      { title, mimeType },
      (uri, variables, context) => read(uri, mimeType, () => text(coreOf(context), one(variables, 'task'))),
    );

  server.registerResource(
    'model',
    new ResourceTemplate(`${MODELS}/{model}`, {
      list: undefined,
      complete: {
        model: async (typed) => {
          const { models } = await askCore(served, new AbortController().signal)('model/list', {});
          return models.map(({ name, version }) => `${name}@${version}`).filter((name) => name.startsWith(typed));
        },
      },
    }),
    { title: 'Model', mimeType: 'application/json' },
    (uri, variables, context) =>
      read(uri, 'application/json', async () => {
        const { model, facts } = await coreOf(context)('model/show', { model: one(variables, 'model') });
        return json({ ...modelView(model), facts });
      }),
  );
}

/** Which tasks have it; what a task did is only read by its number. */
const HAS: Readonly<Record<string, (task: Task) => boolean>> = {
  '': () => true,
  '/result': ({ result }) => result !== null,
  '/proposal': ({ proposal }) => proposal !== null,
};
const none = () => false;

/** Characters of one resource. */
const MAX_TEXT = 4_000_000;

function listed({ number, instruction, status }: Task, end: string, mimeType: string) {
  const words = instruction.replace(/\s+/g, ' ').slice(0, 80);
  return { uri: `${taskUri(number)}${end}`, name: `task ${number}${end}`, title: words, description: status, mimeType };
}

const json = (value: unknown): string => JSON.stringify(value, null, 1);

function one(variables: Variables, name: string): string {
  const value = variables[name];
  return decodeURIComponent(String(Array.isArray(value) ? value[0] : value));
}
