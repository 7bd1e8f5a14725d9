import type { Model } from '../../../protocol/models.ts';
import type { Pull } from '../../../protocol/pulls.ts';
import type { LiveSource } from '../../stores/live.ts';

export const refOf = ({ name, version }: Pick<Model, 'name' | 'version'>): string => `${name}@${version}`;

/** All versions, by name, the newest of each first as the server gives them. */
export const modelsSource: LiveSource<readonly Model[]> = {
  load: async (client) => (await client.request('model/list', {})).models,
  follow(client, change) {
    const stops = [
      client.on('model/didChange', ({ model }) =>
        change((models) =>
          models.some((one) => refOf(one) === refOf(model))
            ? models.map((one) => (refOf(one) === refOf(model) ? model : one))
            : [model, ...models],
        ),
      ),
      client.on('model/didRemove', (gone) => change((models) => models.filter((one) => refOf(one) !== refOf(gone)))),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  },
};

/** Newest first. */
export const pullsSource: LiveSource<readonly Pull[]> = {
  load: async (client) => (await client.request('pull/list', {})).pulls,
  follow: (client, change) =>
    client.on('pull/didChange', ({ pull }) =>
      change((pulls) =>
        pulls.some(({ id }) => id === pull.id)
          ? pulls.map((one) => (one.id === pull.id ? pull : one))
          : [pull, ...pulls],
      ),
    ),
};

/** Those that a person may still do something about. */
export const openPulls = (pulls: readonly Pull[]): Pull[] =>
  pulls.filter(({ state }) => state !== 'done' && state !== 'cancelled');
