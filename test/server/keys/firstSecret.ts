/** Finds or makes a user's root secret and prints a key of it: started several times at once by `keys.test.ts`. */
import { dataFolder } from '../../../server/storage/dataFolder.ts';
import { userKeys } from '../../support/userKeys.ts';
import { ready } from '../storage/processes.ts';

await ready();
const location = dataFolder(process.argv[2] ?? '.');
console.log((await (await userKeys({ root: location.root, env: process.env })).keyOf(location)).hex96);
