/** Opens a workspace's key and prints it: started several times at once by `key.test.ts`. */
import { createFolders, dataFolder } from '../../../server/storage/dataFolder.ts';
import { loadKey } from '../../../server/storage/key.ts';
import { ready } from './processes.ts';

await ready();
const location = dataFolder(process.argv[2] ?? '.');
createFolders(location);
console.log((await loadKey({ location })).hex96);
