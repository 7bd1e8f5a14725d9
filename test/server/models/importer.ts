/**
 * Imports a model as one of several processes: run by `store.test.ts`.
 *   importer.ts ROOT FILE together   waits for the word, then imports, and prints what came of it
 *   importer.ts ROOT FILE half       says so when it has read some of the file, and goes no further
 *   importer.ts ROOT FILE placed     dies when the file is in the store and its version is not registered
 */
import { createImports } from '../../../server/models/imports.ts';
import { modelFolder } from '../../../server/models/modelFolder.ts';
import { ready } from '../storage/processes.ts';
import { openModelStore } from './modelStore.ts';

const [, , root = '', path = '', how = ''] = process.argv;
const opened = await openModelStore(modelFolder({ root }));
if (how === 'half') {
  await opened.add(path, {
    onProgress: () => {
      process.stdout.write('half\n');
      // Until it is killed.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  });
} else if (how === 'placed') {
  const { store, registry } = opened;
  const place: typeof store.place = (...all) => {
    store.place(...all);
    process.kill(process.pid, 'SIGKILL');
  };
  await createImports({ registry, store: { ...store, place } }).run({ path, version: 'latest', how: 'move' });
} else {
  await ready();
  const added = await opened.add(path, { alias: 'fast' });
  console.log(JSON.stringify([added, opened.registry.list().length]));
  await opened.close();
}
