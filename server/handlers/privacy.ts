import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CodeIndexStatus, Kept, KeptKey, KeptKind, Privacy, Trust } from '../../protocol/index.ts';
import type { Handlers } from '../dispatch.ts';
import type { EgressLog } from '../egress/log.ts';
import type { ModelFolder } from '../models/modelFolder.ts';
import type { DataFolder } from '../storage/dataFolder.ts';
import { diskUse } from '../storage/diskUse.ts';

/** What holds for as long as the server lives. */
export interface KeptPlaces {
  location: DataFolder;
  models: ModelFolder;
  keys: readonly KeptKey[];
  egress: Pick<EgressLog, 'totals'>;
  cipher: string;
  retention: Privacy['retention'];
}

interface PrivacyDeps extends KeptPlaces {
  /** How many there are of what the workspace's database and the registry hold. */
  counts(): { database: Record<string, number>; models: number };
  index(): CodeIndexStatus;
  trust(): Trust;
}

export function createPrivacyHandlers(deps: PrivacyDeps): Pick<Handlers, 'privacy/show'> {
  const { keys, egress, cipher, retention } = deps;
  return {
    'privacy/show': () => ({
      ...{ cipher, retention, trust: deps.trust(), egress: egress.totals() },
      keys: [...keys],
      kept: keptPlaces(deps, egress.totals().connections),
    }),
  };
}

/** Where something is, and nothing else: a place that holds nothing is left out, but for those that a person looks for. */
function keptPlaces({ location, models, counts, index }: PrivacyDeps, connections: number): Kept[] {
  const { database, parked, root, folder } = location;
  const held = counts();
  const { files, chunks } = index();
  const sealed = (kind: KeptKind, path: string, counts: Record<string, number>): Kept => ({
    ...{ kind, path, counts, encrypted: true },
    bytes: diskUse(path, `${path}-wal`).bytes,
  });
  const plain = (kind: KeptKind, path: string, counts: Record<string, number>): Kept => ({
    ...{ kind, path, counts, encrypted: false },
    bytes: diskUse(path).bytes,
  });
  const yours = ['approvals.json', 'mcp.json'].map((name) => join(root, name));
  return [
    sealed('database', database, held.database),
    sealed('index', join(folder, 'index.db'), { files, chunks }),
    sealed('parked', parked, { conversations: diskUse(parked).files }),
    ...replacedBy(database).map((path) => sealed('replaced', path, {})),
    sealed('registry', models.database, { versions: held.models, connections }),
    plain('models', models.blobs, { files: diskUse(models.blobs).files }),
    plain('pulls', models.incoming, { files: diskUse(models.incoming).files }),
    ...yours.map((path) => plain('yours', path, {})).filter(({ bytes }) => bytes > 0),
  ];
}

/** As `swapDatabase` names them. */
function replacedBy(database: string): string[] {
  const folder = dirname(database);
  const beginning = basename(database).replace(/\.db$/, '.replaced-');
  return readdirSync(folder)
    .filter((name) => name.startsWith(beginning) && name.endsWith('.db'))
    .toSorted()
    .map((name) => join(folder, name));
}
