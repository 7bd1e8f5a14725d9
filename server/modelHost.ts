import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Notification, OspainError } from '../protocol/index.ts';
import type { Actors } from './audit/actors.ts';
import { type AuditLog, createAuditLog } from './audit/auditLog.ts';
import { createCompleter } from './completion/completer.ts';
import type { ModelMethod } from './coreSlot.ts';
import type { Handlers } from './dispatch.ts';
import { createEgress, type Egress } from './egress/egress.ts';
import { createEgressLog, type EgressLog } from './egress/log.ts';
import { createCompletionHandlers } from './handlers/completions.ts';
import { createEgressHandlers } from './handlers/egress.ts';
import { createImageHandlers } from './handlers/images.ts';
import { createInferenceHandlers } from './handlers/inference.ts';
import { createModelHandlers } from './handlers/models.ts';
import { createPullHandlers } from './handlers/pulls.ts';
import { createReadingHandlers } from './handlers/readings.ts';
import { createUploadHandlers } from './handlers/uploads.ts';
import { createPool, type Pool } from './inference/pool.ts';
import { createReadings } from './inference/readings.ts';

import { programHash } from './inference/runtimes/container/buildImage.ts';
import { createContainerRuntime } from './inference/runtimes/container/containerRuntime.ts';
import type { WantedImage } from './inference/runtimes/container/image.ts';
import { createImages } from './inference/runtimes/container/images.ts';
import { createProcessRuntime } from './inference/runtimes/process/processRuntime.ts';

import type { FoundKey } from './keys/keys.ts';

import type { Log } from './log.ts';
import { createAdoption } from './models/adoption.ts';
import { createCollection } from './models/collection.ts';
import { createImports } from './models/imports.ts';
import { createModelFolders, type ModelFolder, modelFolder } from './models/modelFolder.ts';
import { createPulls } from './models/pulls.ts';
import { createRegistry, type Registry } from './models/registry.ts';
import { modelMigrations } from './models/schema.ts';
import { createSender } from './models/sender.ts';
import { createStore } from './models/store.ts';
import { createUploads } from './models/uploads.ts';
import { createMainsProbe } from './schedules/mains.ts';
import type { Settings } from './settings.ts';
import { type Db, openDatabase } from './storage/database.ts';
import type { DatabasePlace, DataFolder } from './storage/dataFolder.ts';
import { whileOpening } from './storage/handover.ts';
import { watchOtherWrites } from './storage/otherWrites.ts';
import { after } from './timer.ts';
import { VERSION } from './version.ts';

export interface ModelHostOptions {
  location: Pick<DataFolder, 'root'>;
  /** The program that worker processes run, and the model that ships with the product. */
  workerProgram: string;
  /** The bundled worker program, which images of the worker are made of. */
  bundledWorker: string;
  embeddedModel: string;
  settings: Settings;
  env: NodeJS.ProcessEnv;
  /** Finds the key of the registry, while nobody replaces it. */
  findKey(place: DatabasePlace): Promise<FoundKey>;
  actors: Pick<Actors, 'current'>;
  notify(notification: Notification): void;
  log: Log;
  now: () => number;
}

/** The models of this user and what runs them: the same for every workspace, and not touched when one is restored. */
export interface ModelHost {
  readonly registry: Registry;
  readonly pool: Pool;
  readonly egress: Egress;
  readonly egressLog: EgressLog;
  /** The user's chain: of what is no workspace's own. */
  readonly audit: AuditLog;
  readonly folder: ModelFolder;
  /** Which key the registry has. */
  readonly keyOrigin: FoundKey['origin'];
  readonly handlers: Pick<Handlers, ModelMethod>;
  /** Ends the workers and what is being imported, and closes the registry. */
  dispose(): Promise<void>;
}

/** How soon clients are told what another server did to the models. Milliseconds. */
const LOOK_EVERY = 250;

/** Opens the registry of this user. Rejects with the OspainError that says why it cannot. */
export async function createModelHost(options: ModelHostOptions): Promise<ModelHost> {
  const { settings, env, notify, log, now } = options;
  const folder = modelFolder(options.location);
  const { db, key, keyOrigin } = await openRegistry(folder, options.findKey);
  const registry = createRegistry({
    db,
    now,
    blobs: folder.blobs,
    embedded: options.embeddedModel,
    onChange: (model) => notify({ method: 'model/didChange', params: { model } }),
    onRemove: (removed) => notify({ method: 'model/didRemove', params: removed }),
  });
  registry.registerEmbedded();
  registry.useFiles(settings.models);
  const store = createStore(folder);
  const imports = createImports({ registry, store });
  const uploads = createUploads({ db, folder, imports, now });
  const audit = createAuditLog({ db, key, name: 'user', actors: options.actors, now });
  const egressLog = createEgressLog(db, audit.record);
  const egress = createEgress({ log, record: egressLog.record, audit: audit.record, now });
  const pulls = createPulls({
    ...{ db, folder, registry, imports, egress, now },
    // As its own tools are told.
    endpoint: env['HF_ENDPOINT'] || 'https://huggingface.co',
    huggingFaceToken: env['HF_TOKEN'] || undefined,
    onChange: (pull) => notify({ method: 'pull/didChange', params: { pull } }),
  });
  const isExpected = (name: string) => uploads.expects(name) || pulls.expects(name);
  const collection = createCollection({ folder, registry, store, isExpected, now });
  const readings = createReadings({ workers: () => pool.status(), now });
  const owner = { folder: folder.folder, server: `${process.pid}:${randomUUID()}` };
  const image = createWantedImage(options);
  const runtime =
    settings.workers.runtime === 'process'
      ? createProcessRuntime(options.workerProgram, env)
      : createContainerRuntime({
          ...{ env, owner, image, after, log },
          folders: [folder.blobs, dirname(options.embeddedModel)],
          threads: settings.threads,
          keepsSpare: true,
        });
  const pool: Pool = createPool({
    registry,
    readings,
    runtime,
    threads: settings.threads,
    // One more than there are tasks, so that an interactive request need not wait for one of them.
    conversations: settings.parallelTasks + 1,
    memoryBytes: settings.memoryMb === 0 ? undefined : settings.memoryMb * 1e6,
    idleMs: settings.idleMinutes * 60_000,
    gpu: settings.gpu === 'off' ? false : 'auto',
    backends: join(options.location.root, 'backends'),
    audit: audit.record,
    log,
    now,
  });
  const completer = createCompleter({
    engine: pool,
    settings: settings.completion,
    onMains: createMainsProbe(),
    delay: (ms, signal) => delay(ms, undefined, { signal }),
  });
  readings.start();
  const stopLooking = watchOtherWrites(db, LOOK_EVERY, () => {
    registry.tell();
    pulls.tell();
  });
  const swept = Promise.all([pulls.recover(), collection.sweep(false)]).catch((thrown: unknown) =>
    log.warn(`the model store was not tidied: ${OspainError.from(thrown).code}`),
  );

  return {
    registry,
    pool,
    egress,
    egressLog,
    audit,
    folder,
    keyOrigin,
    handlers: {
      ...createModelHandlers({
        ...{ registry, imports, collection, pool, now },
        adoption: createAdoption({ registry, imports, env }),
        // It ships beside the embedded model.
        catalogue: { path: join(dirname(options.embeddedModel), 'catalogue.json'), memoryBytes: totalmem() },
      }),
      ...createUploadHandlers({ uploads, registry, sender: createSender({ egress }) }),
      ...createPullHandlers({ pulls, audit: audit.record }),
      ...createReadingHandlers({ readings, now }),
      ...createEgressHandlers({ log: egressLog }),
      ...createImageHandlers({
        images: createImages({ env, owner, workerProgram: options.bundledWorker, wanted: image }),
      }),
      ...createInferenceHandlers({ engine: pool }),
      ...createCompletionHandlers({ completer }),
    },
    async dispose() {
      stopLooking();
      readings.stop();
      await Promise.all([pulls.dispose(), imports.dispose(), pool.dispose(), swept]);
      db.close();
    },
  };
}

/** Read when it is needed first. Run from its sources, a server has no bundle to compare: the version has to do. */
function createWantedImage({ workerProgram, bundledWorker }: ModelHostOptions): () => WantedImage {
  let program: string | null = null;
  return () => {
    if (workerProgram === bundledWorker) program ??= programHash(workerProgram);
    return { version: VERSION, program };
  };
}

/** The same errors as those of a workspace's database, said of this one. */
async function openRegistry(
  folder: ModelFolder,
  findKey: ModelHostOptions['findKey'],
): Promise<{ db: Db; key: string; keyOrigin: FoundKey['origin'] }> {
  try {
    createModelFolders(folder);
    return await whileOpening(folder, async () => {
      const { hex96: key, origin: keyOrigin } = await findKey(folder);
      return { db: await openDatabase({ file: folder.database, key, migrations: modelMigrations }), key, keyOrigin };
    });
  } catch (thrown) {
    const error = OspainError.from(thrown);
    const { code, message, hint = '' } = error;
    // It is about all databases.
    if (code === 'key_locked' || code === 'key_unavailable') throw error;
    throw new OspainError(code, `The database of the models is not open: ${message}`, {
      hint: `${hint} It is ${folder.database}.`.trim(),
      cause: thrown,
    });
  }
}
