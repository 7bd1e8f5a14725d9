import { OspainError } from '../../protocol/index.ts';
import type { Registry, StoredModel } from '../models/registry.ts';
import { modelCrashed } from './failures.ts';

/** What is known to be wrong with a file is a problem of its model, for as long as the file is as it was then. */
export interface Quarantine {
  /** Throws `model_crashed` for a file that crashed or hung its worker, and `model_unreadable` for one that is damaged. */
  assertTried(model: StoredModel, fingerprint: string): void;
  put(model: StoredModel, fingerprint: string, reason: string): void;
  /** It was loaded, or somebody wants it to be tried again. What a look at the files found stays. */
  lift(model: StoredModel): void;
}

export function createQuarantine(setProblem: Registry['setProblem']): Quarantine {
  return {
    assertTried(model, fingerprint) {
      const { problem } = model;
      if (problem?.fingerprint !== fingerprint) return;
      if (problem.damaged !== true) throw modelCrashed(model, problem.reason);
      throw new OspainError('model_unreadable', `The model ${model.name} is not loaded. ${problem.reason}`, {
        hint: 'Import the same file again, or verify the model when it is whole.',
      });
    },
    put: ({ name, version }, fingerprint, reason) => setProblem(name, version, { fingerprint, reason }),
    lift({ name, version, problem }) {
      if (problem !== null && problem.damaged !== true) setProblem(name, version, null);
    },
  };
}
