import { join } from 'node:path';
import { against, interleave, median, type Report, round } from '../../../scripts/measure.ts';
import { answerSystemText } from '../../../server/agents/prompts.ts';
import { BENCH_MODEL, writeRandomModel } from '../../support/gguf/randomModel.ts';
import { ended, startServer } from '../../support/server.ts';
import { sampleWorkspace, tempFolder } from '../../support/temp.ts';
import { startDirect } from '../inference/direct.ts';

const ROUNDS = 7;

/** Tokens a second of whole tasks, from submit to done, against the same prompt and length through node-llama-cpp alone. */
export async function measureTokens(report: Report): Promise<void> {
  using folder = tempFolder('bench-model');
  using workspace = sampleWorkspace();
  using data = tempFolder('bench-data');
  const model = join(folder.path, 'bench.gguf');
  writeRandomModel(model, BENCH_MODEL);
  await using server = await startServer({ workspace: workspace.path, data: data.path, settings: { models: [model] } });
  await using direct = await startDirect(model);
  const { client } = server;
  const instruction = 'Say something long about nothing in particular.';
  const viaServer = async () => {
    const start = performance.now();
    const { task } = await client.request('task/submit', { kind: 'ask', instruction });
    const end = await ended(client, task.id);
    const ms = performance.now() - start;
    if (end.status !== 'done') throw new Error(`the task ended as ${end.status}: ${end.error?.message}`);
    const { events } = await client.request('task/events', { taskId: task.id, limit: 10_000 });
    const turn = events.find((event) => event.type === 'turn');
    if (turn?.type !== 'turn') throw new Error('the task made no turn');
    return { tokens: turn.data.usage.generatedTokens, ms };
  };
  // The first of each loads the model and warms up; it also tells how long an answer is.
  const { tokens } = await viaServer();
  const request = { system: answerSystemText('small'), user: instruction, tokens };
  await direct.ask(request);
  const rates = await interleave(ROUNDS, {
    server: async () => {
      const made = await viaServer();
      return (made.tokens * 1000) / made.ms;
    },
    direct: async () => {
      const made = await direct.ask(request);
      return (made.tokens * 1000) / made.ms;
    },
  });
  const ratio = round(median(rates.server.map((rate, i) => rate / (rates.direct[i] ?? 1))), 3);
  report({
    measure: `tokens through the server (${tokens} a task)`,
    value: round(median(rates.server)),
    unit: '1/s',
    vs: 'node-llama-cpp alone',
    ratio,
    ...against('>= 0.95', ratio),
  });
}
