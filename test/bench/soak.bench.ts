import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../../scripts/build.ts';
import { against, type Report, round } from '../../scripts/measure.ts';
import { writeLongTalker } from '../support/longTalker.ts';
import { startServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { drive } from './soak/load.ts';
import { floorOf, residentBytes, type Sample, slopeOf } from './soak/memory.ts';

/** Ten minutes of it are 100,000 events. */
const PACE = 10_000;
/** The part of the time in which caches and heap come to their size. */
const WARM_UP = 0.25;
/** Parts of the time of which only the least memory counts. */
const WINDOWS = 40;
const MB = 1e6;
/** What the database cuts its journal to, in MB: `journal_size_limit` in `server/storage/database.ts`. */
const JOURNAL_LIMIT = 68;

/** Whether a server that works without pause keeps its memory and its journal within bounds. Option: `--minutes 10`. */
export default async function soak(report: Report, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { minutes: { type: 'string', default: '10' } } });
  const minutes = Number(values.minutes);
  await ensureBuilt();
  using workspace = sampleWorkspace();
  using data = tempFolder('soak');
  const models = [writeLongTalker(join(data.path, 'talker.gguf'))];
  await using server = await startServer({ workspace: workspace.path, data: data.path, settings: { models } });
  const { client } = server;
  let events = 0;
  client.on('task/didEvent', () => events++);
  const { pid, dataFolder } = await client.request('server/status', {});
  const journal = join(dataFolder, 'ospain2.db-wal');
  const samples: Sample[] = [];
  let wal = 0;
  const onBeat = (at: number) => {
    samples.push({ at, bytes: residentBytes(pid) });
    wal = Math.max(wal, statSync(journal, { throwIfNoEntry: false })?.size ?? 0);
  };
  const answers = await drive(client, { pace: PACE, minutes, events: () => events, onBeat });

  report({
    measure: `events in ${minutes} minutes`,
    value: events,
    unit: 'events',
    ...against(`>= ${PACE * minutes}`, events),
  });
  report({ measure: 'answers streamed meanwhile', value: answers, unit: 'tasks' });
  const total = minutes * 60_000;
  const warm = samples.filter(({ at }) => at >= total * WARM_UP);
  const slope = round(slopeOf(floorOf(warm, total / WINDOWS)) / MB, 3);
  report({
    measure: 'growth of the server’s memory after warm-up',
    value: slope,
    unit: 'MB/min',
    ...against('<= 1', slope),
  });
  report({ measure: 'memory of the server at the end', value: round((samples.at(-1)?.bytes ?? 0) / MB), unit: 'MB' });
  const largest = round(wal / MB);
  report({ measure: 'largest journal (WAL)', value: largest, unit: 'MB', ...against(`<= ${JOURNAL_LIMIT}`, largest) });
}
