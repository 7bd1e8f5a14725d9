import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../../scripts/lock.mjs';
import { nearHeaders, npmWith, plainEnv } from '../../support/npm.ts';
import { command } from '../../support/vscode/command.ts';
import { repository } from '../../support/vscode/tools.ts';

const PACKAGES = ['better-queue@3.8.12', 'better-queue-sqlite@1.0.7', 'sqlite3@5.1.7'];
const FOLDER = join(repository, '.cache/better-queue');
/** Written last. */
const STAMP = join(FOLDER, `${PACKAGES.join('+')}-${process.arch}`);

/**
 * The folder from which better-queue can be loaded; it is made when it is not there, which takes two minutes of compiling.
 * It is no dependency of the repository: its `sqlite3` comes by a download from another server, or by a compiler. Where there
 * is none, or no npm or registry, this says so and answers undefined.
 */
export async function installBetterQueue(): Promise<string | undefined> {
  try {
    if (!existsSync(STAMP)) await withLock(`${FOLDER}.lock`, async () => existsSync(STAMP) || (await make()));
    return FOLDER;
  } catch (thrown) {
    const [reason = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
    process.stderr.write(`better-queue: left out, since it could not be made here: ${reason}\n`);
    return undefined;
  }
}

async function make(): Promise<void> {
  const nodedir = ['/usr/local', '/usr'].find((at) => existsSync(join(at, 'include/node/node_api.h'))) ?? nearHeaders();
  if (nodedir === undefined) throw new Error('the headers of Node are not on this machine');
  process.stderr.write(`making better-queue in ${FOLDER} (about two minutes, once)\n`);
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'package.json'), '{"private":true}');
  await npmWith({})(FOLDER, 'install', ...PACKAGES, '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund');
  // Its own install script would begin with a download.
  const gyp = join(FOLDER, 'node_modules/.bin/node-gyp');
  await command(gyp, ['rebuild', `--nodedir=${nodedir}`], {
    cwd: join(FOLDER, 'node_modules/sqlite3'),
    env: plainEnv(),
  });
  await writeFile(STAMP, '');
}
