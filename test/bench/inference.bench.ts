import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/build.ts';
import { type Report, round } from '../../scripts/measure.ts';
import { BENCH_MODEL, writeRandomModel } from '../support/gguf/randomModel.ts';
import { startServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { openApiClient } from './inference/apiClient.ts';
import { startDirect } from './inference/direct.ts';
import { measureOvertaking } from './inference/overtaking.ts';
import { measureParallel } from './inference/parallel.ts';
import { measureParking } from './inference/parking.ts';
import { measurePrefix } from './inference/prefix.ts';
import { measureRates } from './inference/rates.ts';
import { measureRepeats } from './inference/repeats.ts';

/** How much of llama.cpp arrives at who asks, on a model of 70 million random weights: `docs/benchmarks.md`. */
export default async function inference(report: Report): Promise<void> {
  await ensureBuilt();
  using folder = tempFolder('bench-model');
  using workspace = sampleWorkspace();
  using data = tempFolder('bench-data');
  const model = join(folder.path, 'bench.gguf');
  writeRandomModel(model, { ...BENCH_MODEL, contextLength: 1024 });
  await using server = await startServer({ workspace: workspace.path, data: data.path, settings: { models: [model] } });
  const { client } = server;
  const api = await openApiClient(client, 'default');
  {
    await using direct = await startDirect(model);
    await measureRates(report, { client, api, direct });
  }
  await measureParallel(report, api);
  await measureOvertaking(report, { client, api });
  const { workers } = await client.request('server/status', {});
  reportMemory(report, 'server', server.child.pid);
  for (const { pid } of workers) reportMemory(report, 'worker', pid ?? undefined);
  await measurePrefix(report);
  await measureRepeats(report);
  await measureParking(report);
}

/** Linux tells what is resident in /proc; elsewhere nothing is reported. */
function reportMemory(report: Report, name: string, pid: number | undefined): void {
  if (process.platform !== 'linux' || pid === undefined) return;
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  report({ measure: `memory of the ${name}`, value: round(kilobytes / 1000), unit: 'MB' });
}
