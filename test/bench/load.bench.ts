import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TOO_SLOW } from '../../protocol/index.ts';
import { ensureBuilt } from '../../scripts/build.ts';
import { against, type Report, round } from '../../scripts/measure.ts';
import { browserIn } from '../server/transports/api/serveApi.ts';
import { writeLongTalker } from '../support/longTalker.ts';
import { ended, startServer, type TestServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { type LineClient, openLine } from './load/lineClient.ts';
import { driveRest, FAR } from './load/restClient.ts';
import { createTally, quantile, type Tally } from './load/tally.ts';
import { floorOf, residentBytes, type Sample, slopeOf } from './soak/memory.ts';

const MB = 1e6;
/** Programs that ask over REST, hubs that ask over WebSockets, and hubs that go to sleep now and then. */
const PROGRAMS = 100;
const HUBS = 90;
const SLEEPERS = 10;
const BEFORE = 2000;
/** Milliseconds that one that slept stays awake. */
const AWAKE = 8000;
/** The part of the time in which caches and heap come to their size. */
const WARM_UP = 0.4;
const WINDOWS = 12;
/** Milliseconds between two looks at the server's memory. */
const LOOK = 250;

/**
 * What 200 clients at one time get of a server whose model speaks as well, and whether anything that was acknowledged is lost
 * or anything that happened is not told. Option: `--seconds 60`.
 */
export default async function load(report: Report, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { seconds: { type: 'string', default: '60' } } });
  const duration = Number(values.seconds) * 1000;
  await ensureBuilt();
  using workspace = sampleWorkspace();
  using data = tempFolder('load');
  const models = [writeLongTalker(join(data.path, 'talker.gguf'))];
  await using server = await startServer({ workspace: workspace.path, data: data.path, settings: { models } });
  const { api, token } = await serve(server);
  const { client } = server;
  const { pid } = await client.request('server/status', {});

  const before = await fill(server);
  const programs = createTally();
  const hubs = createTally();
  const headers = browserIn(
    await fetch((await client.request('hub/open', { serve: false })).url, { redirect: 'manual' }),
  );
  const open = () => openLine({ url: api.url, headers }, hubs);
  const lines = await Promise.all(Array.from({ length: HUBS }, open));
  const sleepers = await Promise.all(Array.from({ length: SLEEPERS }, open));

  const began = performance.now();
  const since = () => performance.now() - began;
  const working = () => since() < duration;
  const samples: Sample[] = [];
  await Promise.all([
    ...Array.from({ length: PROGRAMS }, () => driveRest({ port: api.port, token }, programs, working)),
    ...lines.map((line) => line.drive(working)),
    ...sleepers.map(async (line) => {
      // The last one that sleeps still has to be found out.
      while (since() < duration / 2) {
        await line.fallAsleep();
        await delay(AWAKE);
      }
    }),
    speak(server, working),
    (async () => {
      for (; working(); await delay(LOOK)) samples.push({ at: since(), bytes: residentBytes(pid) });
    })(),
  ]);
  const seconds = since() / 1000;

  for (const [name, { times }] of Object.entries({ REST: programs, WebSocket: hubs })) {
    report({ measure: `requests over ${name}`, value: round(times.length / seconds, 0), unit: 'requests/s' });
    report({ measure: `request over ${name}, median`, value: round(quantile(times, 0.5), 1), unit: 'ms' });
    report({ measure: `request over ${name}, 99th percentile`, value: round(quantile(times, 0.99), 1), unit: 'ms' });
  }
  const warm = samples.filter(({ at }) => at >= duration * WARM_UP);
  const slope = slopeOf(floorOf(warm, duration / WINDOWS));
  report({ measure: 'growth of the server’s memory after warm-up', value: round(slope / MB, 1), unit: 'MB/min' });
  report({
    measure: 'most memory of the server',
    value: round(Math.max(...samples.map((one) => one.bytes)) / MB, 0),
    unit: 'MB',
  });
  await settle(report, server, { tallies: [programs, hubs], lines, sleepers, before });
  for (const line of [...lines, ...sleepers]) await line.close();
}

/** Tasks that were there before: pages of lists are full from the start. Resolves with the number of the last. */
async function fill({ client }: TestServer): Promise<number> {
  const submit = () => client.request('task/submit', { kind: 'ask', instruction: 'Later.', notBefore: FAR });
  for (let at = 0; at < BEFORE; at += 100) await Promise.all(Array.from({ length: 100 }, submit));
  return (await client.request('task/list', { limit: 1 })).tasks[0]?.number ?? 0;
}

async function serve({ client }: TestServer) {
  const { api } = await client.request('api/start', { port: 0 });
  return { api, token: readFileSync(api.tokenFile, 'utf8').trim() };
}

/** A model that speaks all the time: its words are events that every hub hears. */
async function speak({ client }: TestServer, working: () => boolean): Promise<void> {
  while (working()) {
    const { task } = await client.request('task/submit', { kind: 'ask', instruction: 'Speak.' });
    await ended(client, task.id);
  }
}

interface Outcome {
  tallies: readonly Tally[];
  lines: readonly LineClient[];
  sleepers: readonly LineClient[];
  /** The number of the last task that was there before. */
  before: number;
}

/** Holds what clients were told against what is there. */
async function settle(report: Report, { client }: TestServer, { tallies, lines, sleepers, before }: Outcome) {
  const last = new Map<string, number>();
  for (let page: number | undefined; ; ) {
    const { tasks } = await client.request('task/list', { limit: 1000, ...(page !== undefined && { before: page }) });
    for (const task of tasks) if (task.number > before) last.set(task.id, task.lastSeq);
    page = tasks.at(-1)?.number;
    if (page === undefined) break;
  }
  const lost = tallies.flatMap(({ acknowledged }) => [...acknowledged]).filter((id) => !last.has(id)).length;
  const behind = ({ heard }: LineClient) =>
    [...last].filter(([id, seq]) => (heard.get(id) ?? 0) !== seq).map(([id]) => id);
  for (const line of sleepers) for (const id of behind(line)) await line.catchUp(id);
  const untold = [...lines, ...sleepers].reduce((sum, line) => sum + behind(line).length, 0);
  const closes = sleepers.flatMap((line) => line.closes);
  const coded = closes.filter((code) => code === TOO_SLOW).length / closes.length;
  const faults = tallies.flatMap((tally) => tally.faults);
  for (const fault of faults.slice(0, 5)) console.error(fault);

  report({ measure: 'tasks that were acknowledged', value: last.size, unit: 'tasks' });
  report({ measure: 'of these lost', value: lost, unit: 'tasks', ...against('<= 0', lost) });
  report({
    measure: 'tasks of which a hub did not get every event',
    value: untold,
    unit: 'tasks',
    ...against('<= 0', untold),
  });
  report({
    measure: 'slow readers that were closed with a code, of those closed',
    value: coded,
    unit: 'part',
    ...against('>= 1', coded),
  });
  report({
    measure: 'wrong or failed answers',
    value: faults.length,
    unit: 'answers',
    ...against('<= 0', faults.length),
  });
}
