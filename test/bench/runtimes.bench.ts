import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../scripts/build.ts';
import { interleave, median, type Report, round, timed } from '../../scripts/measure.ts';
import { createContainerRuntime } from '../../server/inference/runtimes/container/containerRuntime.ts';
import { createProcessRuntime } from '../../server/inference/runtimes/process/processRuntime.ts';
import type { WorkerRuntime } from '../../server/inference/runtimes/runtime.ts';
import { startWorker, type Worker } from '../../server/inference/worker.ts';
import { after } from '../../server/timer.ts';
import { VERSION } from '../../server/version.ts';
import { noContainers } from '../support/docker/containers.ts';
import { noEngine, startEngine } from '../support/docker/dockerd.ts';
import { buildTestImage } from '../support/docker/image.ts';
import { BENCH_MODEL, writeRandomModel } from '../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { tempFolder } from '../support/temp.ts';

const WORKER = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));
const ROUNDS = 9;
const TOKENS = 128;
const silent = { error() {}, warn() {}, info() {}, debug() {} };

/** What a container costs against a process: until a worker has loaded a model, for a token, and for a request. */
export default async function runtimes(report: Report): Promise<void> {
  const reason = await noEngine();
  if (reason !== false) throw new Error(`there is no container engine: ${reason}`);
  await ensureBuilt();
  using folder = tempFolder('bench-runtimes');
  const models = join(folder.path, 'models');
  mkdirSync(models);
  const [small, large] = [join(models, 'small.gguf'), join(models, 'large.gguf')];
  writeScriptedModel(small, [{ answers: ['Here.'] }]);
  writeRandomModel(large, { ...BENCH_MODEL, contextLength: 1024 });
  await using engine = await startEngine();
  const built = await timed(() => buildTestImage(engine));
  report({ measure: 'making the image of the worker', value: round(built / 1000), unit: 's' });

  const container = (keepsSpare: boolean) =>
    createContainerRuntime({
      ...{ env: { DOCKER_HOST: engine.host }, folders: [models], threads: 1, keepsSpare, log: silent },
      owner: { folder: folder.path, server: `${process.pid}:bench` },
      image: () => ({ version: VERSION, program: null }),
      // A spare is there at once: the bench waits for it, and not for the calm after a start.
      after: (_ms, run) => after(0, run),
    });
  const asProcess = createProcessRuntime(WORKER);
  const [cold, kept] = [container(false), container(true)];
  const start = async (runtime: WorkerRuntime): Promise<number> => {
    const began = performance.now();
    const worker = await loaded(runtime, small);
    const ms = performance.now() - began;
    await worker.dispose();
    return ms;
  };
  /** Only those that met a spare count: making one is what is spared. */
  const startInSpare = async (): Promise<number> => {
    for (;;) {
      const before = await engine.docker.listContainers();
      const began = performance.now();
      const worker = await loaded(kept, small);
      const ms = performance.now() - began;
      await worker.dispose();
      if (before.some(({ Names }) => Names.includes(`/${worker.container}`))) return ms;
    }
  };
  const tell = (measure: string, values: readonly number[], against: readonly number[], digits = 0) => {
    const [value, base] = [median(values), median(against)];
    report({ measure, value: round(value, digits), unit: 'ms', vs: 'as a process', ratio: round(value / base) });
  };

  const starts = await interleave(ROUNDS, {
    process: () => start(asProcess),
    container: () => start(cold),
    spare: startInSpare,
  });
  const ofProcess = median(starts.process);
  report({ measure: 'start as a process until a small model is loaded', value: round(ofProcess, 0), unit: 'ms' });
  tell('start in a new container', starts.container, starts.process);
  tell('start in the spare', starts.spare, starts.process);
  await kept.dispose();

  const [here, there] = [await loaded(asProcess, large), await loaded(cold, large)];
  const tokens = await interleave(ROUNDS, { process: () => token(here), container: () => token(there) });
  tell('a token of a model of 70 million numbers', tokens.container, tokens.process, 2);
  const trips = await interleave(200, { process: () => trip(here), container: () => trip(there) });
  tell('a request and its answer', trips.container, trips.process, 3);
  await Promise.all([here.dispose(), there.dispose()]);
  await cold.dispose();
  await noContainers(engine.docker);
}

async function loaded(runtime: WorkerRuntime, file: string): Promise<Worker> {
  const worker = startWorker(runtime, { wanted: { file, need: 500e6 } });
  await worker.load(loadOf(file));
  return worker;
}

const loadOf = (path: string) => ({ path, contextSize: 1024, sequences: 1, threads: 1 });

/** Milliseconds of one of many. */
async function token(worker: Worker): Promise<number> {
  const asked = { prefix: 'a', maxTokens: TOKENS, temperature: 0, seed: 1 };
  const { usage } = await worker.complete(asked, new AbortController().signal, () => {});
  return (usage.durationMs - usage.firstTokenMs) / Math.max(1, usage.generatedTokens - 1);
}

/** A second model is refused without a look at it. */
const trip = (worker: Worker): Promise<number> => timed(() => worker.load(loadOf('/nowhere')).catch(() => {}));
