import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Model, Pull } from '../../../protocol/index.ts';
import { createActors } from '../../../server/audit/actors.ts';
import { createAuditLog } from '../../../server/audit/auditLog.ts';
import { createEgress } from '../../../server/egress/egress.ts';
import { createEgressLog, type EgressLog } from '../../../server/egress/log.ts';
import { type Collection, createCollection } from '../../../server/models/collection.ts';
import { createImports, type ImportRequest, type Imports } from '../../../server/models/imports.ts';
import { createModelFolders, type ModelFolder, modelFolder } from '../../../server/models/modelFolder.ts';
import { createPulls, type Pulls } from '../../../server/models/pulls.ts';
import { createRegistry, type Registry } from '../../../server/models/registry.ts';
import type { Key } from '../../../server/models/rows.ts';
import { modelMigrations } from '../../../server/models/schema.ts';
import { createStore, type Store } from '../../../server/models/store.ts';
import { createUploads, type Uploads } from '../../../server/models/uploads.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { tempFolder } from '../../support/temp.ts';
import { STALL, testClock } from './download/workbench.ts';

const silent = { error() {}, warn() {}, info() {}, debug() {} };

export const KEY = '0123456789abcdef'.repeat(6);

/** What one server has of the models of a user. */
export interface ModelStore {
  db: Db;
  registry: Registry;
  store: Store;
  imports: Imports;
  uploads: Uploads;
  pulls: Pulls;
  /** What clients were told of pulls. */
  told: Pull[];
  egressLog: EgressLog;
  collection: Collection;
  /** What clients were told. */
  changes: Model[];
  removed: Key[];
  /** Imports a file by copy, under the name `mine`, as the next version. */
  add(path: string, more?: Partial<ImportRequest>): ReturnType<Imports['run']>;
  close(): Promise<void>;
}

export interface ModelStoreOptions {
  now?: () => number;
  /** Stands for Hugging Face. */
  endpoint?: string;
}

export async function openModelStore(folder: ModelFolder, options: ModelStoreOptions = {}): Promise<ModelStore> {
  const { now = Date.now, endpoint = 'http://127.0.0.1:9' } = options;
  createModelFolders(folder);
  const db = await openDatabase({ file: folder.database, key: KEY, migrations: modelMigrations });
  const [changes, removed]: [Model[], Key[]] = [[], []];
  const registry = createRegistry({
    db,
    blobs: folder.blobs,
    embedded: join(folder.folder, 'embedded.gguf'),
    now,
    onChange: (model) => void changes.push(model),
    onRemove: (key) => void removed.push(key),
  });
  const store = createStore(folder);
  const imports = createImports({ registry, store });
  const uploads = createUploads({ db, folder, imports, now });
  const told: Pull[] = [];
  const audit = createAuditLog({ db, key: KEY, name: 'user', actors: createActors(), now });
  const egressLog = createEgressLog(db, audit.record);
  const pulls = createPulls({
    ...{ db, folder, registry, imports, now },
    egress: createEgress({ audit() {}, log: silent, record: egressLog.record, now }),
    endpoint,
    onChange: (pull) => void told.push(pull),
    fetching: { clock: testClock(), limits: { stallMs: STALL, retries: 1 } },
  });
  const isExpected = (name: string) => uploads.expects(name) || pulls.expects(name);
  const collection = createCollection({ folder, registry, store, isExpected, now });
  return {
    ...{ db, registry, store, imports, uploads, pulls, told, egressLog, collection, changes, removed },
    add: (path, more = {}) => imports.run({ path, name: 'mine', version: 'latest', how: 'copy', ...more }),
    async close() {
      await pulls.dispose();
      db.close();
    },
  };
}

/** A user's models in a folder of the test's own, as one server sees them, and a folder for everything else. */
export async function testModelStore(options: ModelStoreOptions = {}): Promise<
  ModelStore & {
    folder: ModelFolder;
    elsewhere: string;
    /** Names in the folders of the store. */
    files(): { blobs: string[]; incoming: string[] };
    /** The same models as another server sees them. */
    open(): Promise<ModelStore>;
    [Symbol.asyncDispose](): Promise<void>;
  }
> {
  const [root, other] = [tempFolder('models'), tempFolder('elsewhere')];
  const folder = modelFolder({ root: root.path });
  const opened: ModelStore[] = [];
  const open = async () => {
    const next = await openModelStore(folder, options);
    opened.push(next);
    return next;
  };
  const first = await open();
  return {
    ...first,
    folder,
    elsewhere: other.path,
    open,
    files: () => ({ blobs: readdirSync(folder.blobs).sort(), incoming: readdirSync(folder.incoming).sort() }),
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each.close();
      root[Symbol.dispose]();
      other[Symbol.dispose]();
    },
  };
}
