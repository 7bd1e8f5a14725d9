/** Makes the disk that it is given read-only and prints what storage says: run by `disks.test.ts`. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openDatabase } from '../../../server/storage/database.ts';
import { createFolders, dataFolder } from '../../../server/storage/dataFolder.ts';
import { userKeys } from '../../support/userKeys.ts';
import { codeFrom } from './codeFrom.ts';

const disk = process.argv[2] ?? '';
const envOf = (root: string) => ({
  OSPAIN2_DATA_DIR: join(disk, root),
  OSPAIN2_KEY_STORE: 'file',
  XDG_RUNTIME_DIR: disk,
});
const KEY = '0'.repeat(96);

const there = dataFolder(disk, envOf('there'));
createFolders(there);
const existingFile = join(there.folder, 'existing.db');
(await openDatabase({ file: existingFile, key: KEY })).close();
execFileSync('mount', ['-o', 'remount,ro', disk]);
const codes = {
  folders: await codeFrom(() => createFolders(dataFolder(disk, envOf('new')))),
  key: await codeFrom(() => userKeys({ root: there.root, env: envOf('there') })),
  database: await codeFrom(() => openDatabase({ file: there.database, key: KEY })),
  existing: await codeFrom(() => openDatabase({ file: existingFile, key: KEY })),
};
console.log(JSON.stringify(codes));
