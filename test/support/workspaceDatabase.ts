import { realpathSync } from 'node:fs';
import { type Db, openDatabase } from '../../server/storage/database.ts';
import { dataFolder } from '../../server/storage/dataFolder.ts';
import { userKeys } from './userKeys.ts';

/** Opens the database of a workspace with its key and past its servers; `env` says where its data folder is. */
export async function openWorkspaceDatabase(workspace: string, env: NodeJS.ProcessEnv): Promise<Db> {
  const location = dataFolder(realpathSync(workspace), env);
  const { hex96 } = await (await userKeys({ root: location.root, env })).keyOf(location);
  return openDatabase({ file: location.database, key: hex96 });
}
