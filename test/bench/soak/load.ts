import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../../protocol/index.ts';
import { ended } from '../../support/server.ts';

/** Unix milliseconds: the year 2100. */
const FAR = 4_102_444_800_000;
/** How often the load is brought up to its pace. Milliseconds. */
const BEAT = 100;
/** The part of the time after which all events are to be there: the last beat would otherwise leave out what comes after it. */
const PACED = 0.99;

export interface Load {
  /** Events a minute. */
  pace: number;
  minutes: number;
  /** How many events there were so far. */
  events(): number;
  /** Called with every beat, with the milliseconds since the beginning. */
  onBeat(at: number): void;
}

/**
 * Keeps a server at a pace: a model that streams answers without end, and tasks that come, change and are cancelled for
 * the rest. Resolves with how many answers were streamed.
 */
export async function drive(client: Client, { pace, minutes, events, onBeat }: Load): Promise<number> {
  const start = performance.now();
  const since = () => performance.now() - start;
  const working = () => since() < minutes * 60_000;
  const owed = () => Math.min(minutes, since() / 60_000 / PACED) * pace;
  let answers = 0;
  const talk = async () => {
    while (working()) {
      const { task } = await client.request('task/submit', { kind: 'ask', instruction: `Question ${answers}` });
      const { status } = await ended(client, task.id);
      if (status !== 'done') throw new Error(`an answer ended as ${status}`);
      answers++;
    }
  };
  const beat = async () => {
    while (working()) {
      onBeat(since());
      while (working() && events() < owed()) await fiveEvents(client);
      await delay(BEAT);
    }
  };
  await Promise.all([talk(), beat()]);
  return answers;
}

/** `submitted`, `waiting`, twice `prioritized`, `cancelled`. */
async function fiveEvents(client: Client): Promise<void> {
  const { task } = await client.request('task/submit', { kind: 'ask', instruction: 'Later.', notBefore: FAR });
  await client.request('task/prioritize', { taskId: task.id, priority: 2 });
  await client.request('task/prioritize', { taskId: task.id, priority: 1 });
  await client.request('task/cancel', { taskId: task.id });
}
