import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { against, type Report, round } from '../../../scripts/measure.ts';
import { renderCall } from '../../../server/agents/format.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { ended, startServer } from '../../support/server.ts';
import { sampleWorkspace, tempFolder } from '../../support/temp.ts';

const PATH = 'src/rooms.ts';
const ROOMS = 'export const ROOMS = 12;\nexport const FLOORS = 2;\n';
const edit = (search: string, replace: string) =>
  renderCall({ tool: 'edit_file', path: PATH, body: [{ search, replace }] });

/** An agent that looks, edits and says so, as a model of one to seven billion weights is told to. */
const ANSWERS = [
  renderCall({ tool: 'read_file', path: PATH, from: 1, to: 300 }),
  edit('export const ROOMS = 12;', 'export const ROOMS = 14;'),
  edit('export const FLOORS = 2;', 'export const FLOORS = 3;'),
  renderCall({ tool: 'finish', outcome: 'done', body: 'There are two rooms more now.' }),
];

/** How much of the transcript an agent's later turns find evaluated. */
export async function measurePrefix(report: Report): Promise<void> {
  using folder = tempFolder('bench-model');
  using workspace = sampleWorkspace();
  using data = tempFolder('bench-data');
  writeFileSync(join(workspace.path, PATH), ROOMS);
  const model = join(folder.path, 'scripted.gguf');
  writeScriptedModel(model, [{ answers: ANSWERS }], { contextLength: 8192 });
  await using server = await startServer({ workspace: workspace.path, data: data.path, settings: { models: [model] } });
  const { client } = server;
  const { task } = await client.request('task/submit', { instruction: `Two more rooms in ${PATH}` });
  const end = await ended(client, task.id);
  if (end.status !== 'done') throw new Error(`the task ended as ${end.status}: ${end.error?.message}`);
  const { events } = await client.request('task/events', { taskId: task.id, limit: 10_000 });
  const later = events.flatMap((event) => (event.type === 'turn' && event.data.turn > 1 ? [event.data.usage] : []));
  const sum = (count: (usage: (typeof later)[number]) => number) => later.reduce((all, usage) => all + count(usage), 0);
  const ratio = round(sum(({ cachedTokens }) => cachedTokens) / sum(({ promptTokens }) => promptTokens), 3);
  report({
    measure: `tokens of a prompt found evaluated, turns 2 to ${later.length + 1} of an agent task`,
    value: sum(({ cachedTokens }) => cachedTokens),
    unit: 'tokens',
    vs: 'tokens of the prompts',
    ratio,
    ...against('>= 0.9', ratio),
  });
}
