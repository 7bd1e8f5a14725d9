import type { Client } from '../../../protocol/index.ts';
import { against, interleave, median, type Report, round } from '../../../scripts/measure.ts';
import { answerSystemText } from '../../../server/agents/prompts.ts';
import { ended } from '../../support/server.ts';
import type { ApiClient, Asked, Spoken } from './apiClient.ts';
import type { Direct } from './direct.ts';

const ROUNDS = 7;
/** Tokens: what a task of the kind `ask` gives a model of this context. */
const ANSWER = 256;
/** Words of a prompt that is long enough for its speed to be seen. */
const WORDS = 80;

/** Each way speaks the same prompts and lengths in turn; each prompt begins with words of its own, so nothing is cached. */
export async function measureRates(
  report: Report,
  deps: { client: Client; api: ApiClient; direct: Direct },
): Promise<void> {
  const { client, api, direct } = deps;
  let salt = 0;
  const ask = (): Asked => ({
    system: answerSystemText('small'),
    user: `${++salt} ${Array.from({ length: WORDS }, (_, at) => `word${(at * 7919 + salt) % 97}`).join(' ')}`,
    tokens: ANSWER,
  });
  const made: Record<'api' | 'task' | 'direct', Spoken[]> = { api: [], task: [], direct: [] };
  const note = (way: keyof typeof made, run: (asked: Asked) => Promise<Spoken>) => async () => {
    const spoken = await run(ask());
    made[way].push(spoken);
    return spoken.ms;
  };
  const ways = {
    api: note('api', api.chat),
    task: note('task', (asked) => runTask(client, asked)),
    direct: note('direct', direct.ask),
  };
  // The first of each loads the model and warms up.
  for (const way of Object.values(ways)) await way();
  for (const spoken of Object.values(made)) spoken.length = 0;
  await interleave(ROUNDS, ways);
  for (const way of ['api', 'task'] as const) {
    const named = way === 'api' ? '/v1/chat/completions' : 'a task';
    for (const [what, rate, goal] of [
      ['decode', decodeRate, '>= 0.97'],
      ['prompt', promptRate, '>= 0.95'],
    ] as const) {
      const ratios = made[way].map((spoken, at) => rate(spoken) / rate(made.direct[at] ?? spoken));
      const ratio = round(median(ratios), 3);
      const value = round(median(made[way].map(rate)));
      report({
        measure: `${what} through ${named}`,
        value,
        unit: 'tokens/s',
        vs: 'node-llama-cpp alone',
        ratio,
        ...against(goal, ratio),
      });
    }
  }
}

const decodeRate = ({ tokens, ms, firstMs }: Spoken): number => ((tokens - 1) * 1000) / (ms - firstMs);
const promptRate = ({ promptTokens, cachedTokens, firstMs }: Spoken): number =>
  ((promptTokens - cachedTokens) * 1000) / firstMs;

/** Times are those of the person: from submit to the first text, and to the end. */
async function runTask(client: Client, { user }: Asked): Promise<Spoken> {
  const id = crypto.randomUUID();
  const start = performance.now();
  let firstMs = Number.NaN;
  const stop = client.on('task/didEvent', ({ event }) => {
    if (event.taskId === id && event.type === 'text' && Number.isNaN(firstMs)) firstMs = performance.now() - start;
  });
  await client.request('task/submit', { id, kind: 'ask', instruction: user });
  const task = await ended(client, id);
  const ms = performance.now() - start;
  stop();
  if (task.status !== 'done') throw new Error(`the task ended as ${task.status}: ${task.error?.message}`);
  const { events } = await client.request('task/events', { taskId: id, limit: 10_000 });
  const turn = events.find((event) => event.type === 'turn');
  if (turn?.type !== 'turn') throw new Error('the task made no turn');
  const { promptTokens, cachedTokens, generatedTokens: tokens } = turn.data.usage;
  return { promptTokens, cachedTokens, tokens, firstMs, ms };
}
