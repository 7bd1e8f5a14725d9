import { OspainError, type Result } from '../../protocol/index.ts';
import type { Handlers } from '../dispatch.ts';
import { measureModel } from '../inference/benchmark.ts';
import type { Pool } from '../inference/pool.ts';
import type { Adoption } from '../models/adoption.ts';
import { readCatalogue, recommend } from '../models/catalogue.ts';
import type { Collection } from '../models/collection.ts';
import type { Imports } from '../models/imports.ts';
import type { Registry } from '../models/registry.ts';
import type { Key } from '../models/rows.ts';
import { verifyModel } from '../models/verification.ts';
import { progressOf } from './progress.ts';

interface ModelDeps {
  registry: Registry;
  imports: Imports;
  collection: Collection;
  adoption: Adoption;
  /** Absolute path of the catalogue, and all memory of this machine in bytes. */
  catalogue: { path: string; memoryBytes: number };
  pool: Pick<Pool, 'status' | 'load' | 'unload' | 'describe' | 'complete'>;
  now: () => number;
}

type ModelHandlers = Pick<
  Handlers,
  | 'model/list'
  | 'model/show'
  | 'model/import'
  | 'model/remove'
  | 'model/load'
  | 'model/unload'
  | 'model/pin'
  | 'model/setAlias'
  | 'model/removeAlias'
  | 'model/tag'
  | 'model/verify'
  | 'model/benchmark'
  | 'model/adoptable'
  | 'model/adopt'
  | 'model/catalogue'
  | 'model/collect'
>;

export function createModelHandlers(deps: ModelDeps): ModelHandlers {
  const { registry, imports, collection, adoption, catalogue, pool, now } = deps;
  const changed = (key: Key) => ({ model: registry.describe(key).model });
  return {
    'model/list': () => ({ models: registry.list() }),
    'model/show': ({ model }) => registry.describe(registry.find(model)),
    'model/import': async ({ requestId, ...asked }, call) => {
      const onProgress = progressOf(requestId, call);
      const { existed, ...key } = await imports.run({ ...asked, signal: call.signal, onProgress });
      return { ...changed(key), existed };
    },
    'model/remove': async ({ model: ref }): Promise<Result<'model/remove'>> => {
      const row = registry.find(ref);
      const { model } = registry.describe(row);
      assertMeansOne(ref, row, registry);
      // A process that holds the file would keep its space, and on Windows the file itself.
      if (pool.status().some((worker) => worker.model === row.name)) await pool.unload(`${row.name}@${row.version}`);
      registry.remove(row);
      const { name, version } = row;
      return { name, version, aliases: model.aliases, freed: collection.release(row.files, row.digest) };
    },
    'model/load': async ({ model }, { signal }) => {
      const ms = await pool.load(model, signal);
      return { ...changed(registry.find(model)), ms };
    },
    'model/unload': async ({ model }) => {
      const ended = await pool.unload(model);
      return { ...changed(registry.find(model)), ...ended };
    },
    'model/pin': ({ model, pinned }) => {
      const { name, version } = registry.resolve(model);
      registry.setPinned(name, version, pinned);
      return changed({ name, version });
    },
    'model/setAlias': ({ alias, model }) => changed(registry.setAlias(alias, model)),
    'model/removeAlias': ({ alias }) => {
      registry.removeAlias(alias);
      return {};
    },
    'model/tag': ({ model, add, remove }) => changed(registry.tag(model, add, remove)),
    'model/verify': ({ requestId, model }, call) =>
      verifyModel(registry, model, { signal: call.signal, onProgress: progressOf(requestId, call) }),
    'model/benchmark': async ({ model: ref }, { signal }) => {
      const { name, version } = registry.find(ref);
      const benchmark = await measureModel({ pool, now }, { model: `${name}@${version}`, signal });
      registry.addBenchmark(name, version, benchmark);
      return { ...changed({ name, version }), benchmark };
    },
    'model/adoptable': () => adoption.list(),
    'model/adopt': async ({ requestId, ...asked }, call) => {
      const onProgress = progressOf(requestId, call);
      const { existed, ...key } = await adoption.adopt(asked, { signal: call.signal, onProgress });
      return { ...changed(key), existed };
    },
    'model/catalogue': ({ task }) => {
      const all = readCatalogue(catalogue.path);
      return { models: recommend(all, { memoryBytes: catalogue.memoryBytes, task }), note: all.note };
    },
    'model/collect': ({ dryRun }) => collection.collect(dryRun),
  };
}

/** An alias, or the name of several versions, could mean more than the person has in mind. */
function assertMeansOne(ref: string, { name, version }: Key, registry: Registry): void {
  if (ref === `${name}@${version}`) return;
  const versions = registry.list().flatMap((model) => (model.name === name ? [model.version] : []));
  if (ref === name && versions.length === 1) return;
  const why = ref === name ? `has ${versions.length} versions` : `leads to ${name}@${version}`;
  throw new OspainError('invalid_params', `${JSON.stringify(ref)} ${why}.`, {
    hint: `Say which version to remove: ${versions.map((one) => `${name}@${one}`).join(', ')}.`,
  });
}
