import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../protocol/index.ts';
import { createProcessRuntime } from '../inference/runtimes/process/processRuntime.ts';
import { startWorker } from '../inference/worker.ts';
import { WorkerDeath } from '../inference/workerDeath.ts';
import { failed, failedBy, ok, warning } from './finding.ts';

export interface ModelPlaces {
  workerProgram: string;
  /** The GGUF file that ships with the product. */
  embeddedModel: string;
  /** Holds builds of llama.cpp for graphics processors, where somebody put some. */
  backends: string;
  env: NodeJS.ProcessEnv;
}

/** Milliseconds; the model is a few megabytes. */
const PATIENCE = 60_000;

/**
 * Loads the embedded model in a worker of its own and has it say a token. What llama.cpp computes with is known by then, so the
 * graphics processor is told here too.
 */
export async function checkModel({ workerProgram, embeddedModel, backends, env }: ModelPlaces): Promise<Finding[]> {
  if (!existsSync(embeddedModel)) return [failed('model', `${embeddedModel} is missing`, 'Install OSPAiN2 again.')];
  const signal = AbortSignal.timeout(PATIENCE);
  const worker = startWorker(createProcessRuntime(workerProgram, env));
  const giveUp = () => worker.kill();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const began = performance.now();
    const hasBackends = existsSync(backends);
    const { gpu, threads } = await worker.load({
      ...{ path: embeddedModel, contextSize: 256, sequences: 1, threads: 0, gpu: 'auto' },
      ...(hasBackends && { backends }),
    });
    const { usage } = await worker.complete(
      { prefix: 'const', maxTokens: 1, temperature: 0, seed: 1 },
      signal,
      () => {},
    );
    const ms = Math.round(performance.now() - began);
    const said = `the embedded one said ${usage.generatedTokens === 1 ? 'a token' : 'nothing'} after ${ms} ms (threads: ${threads})`;
    const spoke = usage.generatedTokens > 0;
    return [
      spoke ? ok('model', said) : failed('model', said, 'Install OSPAiN2 again.'),
      graphics(gpu, worker.backend?.notes ?? []),
    ];
  } catch (thrown) {
    if (!(thrown instanceof WorkerDeath)) return [failedBy('model', thrown)];
    const how = signal.aborted
      ? 'it said nothing for a minute'
      : [thrown.how, thrown.lastWords].filter(Boolean).join(': ');
    return [failed('model', `its process ended: ${how.slice(0, 300)}`, CRASHED)];
  } finally {
    signal.removeEventListener('abort', giveUp);
    await worker.dispose();
  }
}

const CRASHED =
  'See “libraries” and “memory” here. If there is a folder backends beside your models, take it away; else install OSPAiN2 again.';

function graphics(gpu: string | null, notes: readonly string[]): Finding {
  const [note] = notes;
  if (note !== undefined) return warning('graphics', `${gpu ?? 'not used'}. ${note}`, SEE);
  if (gpu !== null) return ok('graphics', `${gpu} computes`);
  const isThere = ['/dev/nvidia0', '/dev/kfd'].some((path) => existsSync(path));
  return isThere
    ? warning('graphics', 'there is a graphics processor, and the processor computes alone', SEE)
    : ok('graphics', 'none; the processor computes');
}

const SEE = 'docs/models.md tells how builds for CUDA and Vulkan are added.';

/** Where those builds lie, below the folder of all data. */
export const backendsIn = (root: string): string => join(root, 'backends');
