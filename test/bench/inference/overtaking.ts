import type { Client } from '../../../protocol/index.ts';
import { against, median, type Report, round } from '../../../scripts/measure.ts';
import { ended } from '../../support/server.ts';
import type { ApiClient } from './apiClient.ts';

const ROUNDS = 24;
const BACKGROUND = 4;

/** Time to the first piece of text of a question that a person waits for: alone, and while tasks speak without pause. */
export async function measureOvertaking(
  report: Report,
  { client, api }: { client: Client; api: ApiClient },
): Promise<void> {
  let salt = 0;
  const first = async () => (await api.chat({ user: `What is ${++salt}?`, tokens: 4 })).firstMs;
  const alone: number[] = [];
  const busy: number[] = [];
  await first();
  // Half of the rounds, then the tasks, then the other half: starting and ending tasks for each would measure that.
  for (let at = 0; at < ROUNDS; at++) alone.push(await first());
  const talkers = await startTalkers(client);
  for (let at = 0; at < ROUNDS; at++) busy.push(await first());
  await talkers.stop();
  for (let at = 0; at < ROUNDS; at++) alone.push(await first());
  const ratio = round(percentile(busy, 0.95) / percentile(alone, 0.95));
  report({
    measure: `first text of a question while ${BACKGROUND} tasks speak, 95th percentile`,
    value: round(percentile(busy, 0.95)),
    unit: 'ms',
    vs: 'alone',
    ratio,
    ...against('<= 1.5', ratio),
  });
  report({
    measure: 'the same, median',
    value: round(median(busy)),
    unit: 'ms',
    vs: 'alone',
    ratio: round(median(busy) / median(alone)),
  });
}

/** Tasks that speak for as long as they may; another one follows each that ends. */
async function startTalkers(client: Client) {
  let stopped = false;
  const current = new Set<string>();
  const talk = async (number: number) => {
    while (!stopped) {
      const { task } = await client.request('task/submit', {
        kind: 'ask',
        instruction: `Talk about ${number} at length.`,
      });
      current.add(task.id);
      await ended(client, task.id);
      current.delete(task.id);
    }
  };
  const speaking = new Set<string>();
  const { promise: allSpeak, resolve } = Promise.withResolvers<void>();
  const stopListening = client.on('task/didEvent', ({ event }) => {
    if (event.type === 'text') speaking.add(event.taskId);
    if (speaking.size >= BACKGROUND) resolve();
  });
  const talking = Array.from({ length: BACKGROUND }, (_, number) => talk(number));
  await allSpeak;
  stopListening();
  return {
    async stop() {
      stopped = true;
      await Promise.all([...current].map((taskId) => client.request('task/cancel', { taskId }).catch(() => {})));
      await Promise.all(talking);
    },
  };
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
