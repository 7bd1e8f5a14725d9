import { doesNotThrow, equal, ok, throws } from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { it } from 'node:test';
import type { Metafile } from 'esbuild';
import { checkInputs, ensureBuilt } from '../../scripts/build.ts';
import { bundles } from '../../scripts/bundles.ts';
import { hostName, targetNamed } from '../../scripts/packaging/target.ts';
import { distFolder } from '../../scripts/paths.ts';

const inputs = (...files: string[]): Pick<Metafile, 'inputs'> => ({
  inputs: Object.fromEntries(files.map((file) => [file, { bytes: 1, imports: [] }])),
});

it('keeps each process free of what it must not have', () => {
  const all = bundles({ target: targetNamed('linux-x64'), outdir: '/nowhere', production: false });
  const cases = {
    extension: [
      'server/log.ts',
      'node_modules/better-sqlite3/lib/database.js',
      '../x/node_modules/node-llama-cpp/a.js',
    ],
    server: ['extension/extension.ts', 'cli/main.ts'],
    worker: ['server/storage/database.ts', 'node_modules/@napi-rs/keyring/index.js'],
    cli: ['server/app.ts', 'extension/extension.ts'],
    hub: ['server/app.ts', 'extension/extension.ts', 'cli/main.ts', 'node_modules/better-sqlite3/lib/database.js'],
  };
  for (const bundle of all) {
    for (const file of cases[bundle.name])
      throws(() => checkInputs(bundle, inputs('protocol/index.ts', file)), bundle.name);
    doesNotThrow(() => checkInputs(bundle, inputs('protocol/index.ts', 'node_modules/zod/index.js')));
  }
});

it('builds once for the same sources', async () => {
  await ensureBuilt();
  const built = (name: string) => stat(path.join(distFolder, name));
  const first = await built('server.js');
  await ensureBuilt();
  equal((await built('server.js')).mtimeMs, first.mtimeMs);
  for (const name of [
    'extension.cjs',
    'languageClient.cjs',
    'keyring.js',
    'worker.js',
    'cli.js',
    'hub/index.html',
    `${targetNamed(hostName).sqlite}.node`,
  ])
    ok((await built(name)).size > 0, name);
});

it('knows its targets', () => {
  throws(() => targetNamed('plan9-x64'), /no target 'plan9-x64': one of linux-x64/);
});
