import { against, type Report, round } from '../../../scripts/measure.ts';
import { ended, startServer } from '../../support/server.ts';
import { sampleWorkspace, tempFolder } from '../../support/temp.ts';

/** How much of the transcript an agent's later turns find evaluated. With the embedded model, on a task of several turns. */
export async function measurePrefix(report: Report): Promise<void> {
  using workspace = sampleWorkspace();
  using data = tempFolder('bench-data');
  await using server = await startServer({ workspace: workspace.path, data: data.path });
  const { client } = server;
  const { task } = await client.request('task/submit', { instruction: 'Change RETRY_MAX to 5 in src/limits.ts' });
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
