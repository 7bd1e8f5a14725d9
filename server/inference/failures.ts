import { OspainError } from '../../protocol/index.ts';
import type { StoredModel } from '../models/registry.ts';
import type { Occupant } from './room.ts';
import type { WorkerDeath } from './workerDeath.ts';

/* What the failures of workers are called, for whoever asked for a model. */

export function workerFailed({ name }: StoredModel, death: WorkerDeath, why: string | null): OspainError {
  if (why !== null)
    return new OspainError('worker_failed', `The worker of ${name} was ended in the middle of its work: ${why}.`, {
      hint: 'Try again.',
      cause: death,
    });
  if (death.failure !== null) return death.failure;
  return new OspainError('worker_failed', `The worker of ${name} ended in the middle of its work (${death.how}).`, {
    hint: 'Try again; if it happens often, the machine may be short of memory.',
    cause: death.lastWords === '' ? death : death.lastWords,
  });
}

export const modelCrashed = ({ name, artifact }: StoredModel, reason: string): OspainError =>
  new OspainError('model_crashed', `The model ${name} ends its worker when it is loaded.`, {
    hint: `Replace the file ${artifact}: it is not tried again before it changes, or before you load it yourself.`,
    cause: reason,
  });

export const modelUnreadable = ({ name }: StoredModel, error: OspainError): OspainError =>
  new OspainError('model_unreadable', `The model ${name} cannot be loaded: ${error.message}`, {
    hint: 'Get the file again, or use another model.',
    cause: error,
  });

export const stopping = (): OspainError => new OspainError('unavailable', 'The server is stopping.');

export function memoryShort(
  { name }: StoredModel,
  { need, free }: { need: number; free: number },
  occupants: readonly Occupant[],
): OspainError {
  const loaded = occupants.map(({ name, held, stays }) => `${name} (${gigabytes(held)} GB, ${stays ?? 'warm'})`);
  return new OspainError(
    'memory_short',
    `There is too little memory for the model ${name}: it needs ${gigabytes(need)} GB, and ${gigabytes(free)} GB could be had.`,
    {
      hint: [
        loaded.length === 0 ? 'No model is loaded.' : `Loaded: ${loaded.join(', ')}.`,
        'Close other programs, unload a model, or use a smaller one.',
      ].join(' '),
    },
  );
}

export const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
