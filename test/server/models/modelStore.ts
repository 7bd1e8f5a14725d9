import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../../../protocol/index.ts';
import { type Collection, createCollection } from '../../../server/models/collection.ts';
import { createImports, type ImportRequest, type Imports } from '../../../server/models/imports.ts';
import { createModelFolders, type ModelFolder, modelFolder } from '../../../server/models/modelFolder.ts';
import { createRegistry, type Registry } from '../../../server/models/registry.ts';
import type { Key } from '../../../server/models/rows.ts';
import { modelMigrations } from '../../../server/models/schema.ts';
import { createStore, type Store } from '../../../server/models/store.ts';
import { createUploads, type Uploads } from '../../../server/models/uploads.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { tempFolder } from '../../support/temp.ts';

export const KEY = '0123456789abcdef'.repeat(6);

/** What one server has of the models of a user. */
export interface ModelStore {
  db: Db;
  registry: Registry;
  store: Store;
  imports: Imports;
  uploads: Uploads;
  collection: Collection;
  /** What clients were told. */
  changes: Model[];
  removed: Key[];
  /** Imports a file by copy, under the name `mine`, as the next version. */
  add(path: string, more?: Partial<ImportRequest>): ReturnType<Imports['run']>;
  close(): void;
}

export async function openModelStore(folder: ModelFolder, now: () => number = Date.now): Promise<ModelStore> {
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
  const collection = createCollection({ folder, registry, store, isExpected: uploads.expects, now });
  return {
    ...{ db, registry, store, imports, uploads, collection, changes, removed },
    add: (path, more = {}) => imports.run({ path, name: 'mine', version: 'latest', how: 'copy', ...more }),
    close: () => db.close(),
  };
}

/** A user's models in a folder of the test's own, as one server sees them, and a folder for everything else. */
export async function testModelStore(now?: () => number): Promise<
  ModelStore & {
    folder: ModelFolder;
    elsewhere: string;
    /** Names in the folders of the store. */
    files(): { blobs: string[]; incoming: string[] };
    /** The same models as another server sees them. */
    open(): Promise<ModelStore>;
    [Symbol.dispose](): void;
  }
> {
  const [root, other] = [tempFolder('models'), tempFolder('elsewhere')];
  const folder = modelFolder({ root: root.path });
  const opened: ModelStore[] = [];
  const open = async () => {
    const next = await openModelStore(folder, now);
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
    [Symbol.dispose]() {
      for (const each of opened) each.close();
      root[Symbol.dispose]();
      other[Symbol.dispose]();
    },
  };
}
