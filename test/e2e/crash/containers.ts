import { setTimeout as delay } from 'node:timers/promises';
import { noContainers } from '../../support/docker/containers.ts';
import type { TestEngine } from '../../support/docker/dockerd.ts';
import { noEngine, startEngine } from '../../support/docker/dockerd.ts';
import { buildTestImage } from '../../support/docker/image.ts';
import type { CrashEngine } from './rounds.ts';

/** An engine with the worker's image, to be killed with what it runs; the end throws where a container is left. */
export interface CrashContainers extends CrashEngine, AsyncDisposable {}

/** Throws with the reason where there can be no engine. */
export async function crashContainers(): Promise<CrashContainers> {
  const reason = await noEngine();
  if (reason !== false) throw new Error(reason);
  const engine = await startEngine();
  await buildTestImage(engine);
  return {
    ...{ host: engine.host, kill: engine.kill, start: engine.start },
    killWorkers: () => killAll(engine),
    async [Symbol.asyncDispose]() {
      try {
        await noContainers(engine.docker);
      } finally {
        await engine[Symbol.asyncDispose]();
      }
    },
  };
}

/** A container takes a moment to start. Milliseconds. */
const PATIENCE = 5000;

async function killAll({ docker }: TestEngine): Promise<number> {
  let running = await docker.listContainers();
  for (const began = performance.now(); running.length === 0 && performance.now() - began < PATIENCE; ) {
    await delay(20);
    running = await docker.listContainers();
  }
  const killed = await Promise.all(
    running.map(({ Id }) =>
      docker
        .getContainer(Id)
        .kill()
        .then(
          () => true,
          // It ended by itself in this moment.
          () => false,
        ),
    ),
  );
  return killed.filter(Boolean).length;
}
