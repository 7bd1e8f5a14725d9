import { parseArgs } from 'node:util';
import type { Report } from '../../scripts/measure.ts';
import { tempFolder } from '../support/temp.ts';
import { measureBacklog } from './queue/backlog.ts';
import { installBetterQueue } from './queue/installBetterQueue.ts';
import { measureRates } from './queue/rates.ts';
import { measureSyncs } from './queue/syncs.ts';

/** The queue against another one on the same disk, and against itself with much to do: `docs/benchmarks.md`. */
export default async function queue(report: Report, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '9' },
      backlog: { type: 'string', default: '1000000' },
      rates: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  using folder = tempFolder('bench-queue');
  await measureRates(report, { folder: folder.path, rounds, betterQueue: await installBetterQueue() });
  if (values.rates) return;
  await measureBacklog(report, { folder: folder.path, rounds, largest: Number(values.backlog) });
  measureSyncs(report, folder.path);
}
