import type { SequenceEvaluateOptions } from 'node-llama-cpp';
import type { CompleteParams } from '../workerProtocol.ts';

/** What every request for text says about how it is chosen. */
export type Sampling = Omit<CompleteParams, 'id' | 'prefix' | 'suffix'>;

type Sampler = Pick<SequenceEvaluateOptions, 'temperature' | 'topP' | 'topK' | 'minP' | 'seed'>;

/** What is not said is left to the library: 40 candidates, 0.95 of the probability. */
export const samplerOf = ({ temperature, seed, topP, topK, minP }: Sampling): Sampler => ({
  temperature,
  seed,
  ...(topP !== undefined && { topP }),
  ...(topK !== undefined && { topK }),
  ...(minP !== undefined && { minP }),
});
