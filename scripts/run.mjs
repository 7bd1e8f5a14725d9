/**
 * Makes the repository ready and runs one of its scripts with its own Node. Plain JavaScript without dependencies, for any
 * Node from 20 on: this is what a fresh clone can run.
 *
 *   node scripts/run.mjs <name> [arguments...]        runs scripts/<name>.ts
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { npm, withoutNpm } from './npm.mjs';
import { applyPatches, patchesStamp } from './patches.mjs';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = path.join(repository, 'node_modules/.ospain2-lock');
const patchesFile = path.join(repository, 'node_modules/.ospain2-patches');
const node = path.join(repository, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const quiet = ['--no-audit', '--no-fund'];

async function makeReady() {
  await withLock(path.join(repository, '.cache/install.lock'), async () => {
    const wanted = createHash('sha256')
      .update(readFileSync(path.join(repository, 'package-lock.json')))
      .digest('hex');
    const patches = patchesStamp(repository);
    const patched = contentOf(patchesFile);
    // What an older patch changed can only be had back by installing anew.
    if (contentOf(stampFile) !== wanted || (patched !== undefined && patched !== patches)) {
      say('installing dependencies (npm ci)');
      npm(['ci', '--ignore-scripts', ...quiet], repository);
      writeFileSync(stampFile, wanted);
    }
    // Before the patches: `npm run` may have started this on the repository's own Node, which `npm ci` takes away.
    if (!existsSync(node)) {
      // Of all packages only `node` needs its install script: it fetches the program. The others would compile or download
      // what is there already.
      say("fetching the repository's own Node (npm rebuild node)");
      npm(['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts', ...quiet], repository);
      if (!existsSync(node))
        throw new Error(`${node} is missing: allow npm to run the install script of the package 'node'`);
    }
    if (contentOf(patchesFile) !== patches) {
      say('applying patches (patch-package)');
      applyPatches(repository);
      writeFileSync(patchesFile, patches);
    }
  });
}

/** @param {string} file */
const contentOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/** @param {string} line */
function say(line) {
  process.stderr.write(`> ${line}\n`);
}

/**
 * @param {string} script
 * @param {string[]} args
 */
function run(script, args) {
  const child = spawn(node, [script, ...args], { stdio: 'inherit', env: withoutNpm(process.env) });
  // Ctrl+C reaches the whole group: the child decides how it ends.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? code : 1));
  });
}

const [name = '', ...args] = process.argv.slice(2);
const script = path.join(repository, 'scripts', `${name}.ts`);
if (!/^[a-z]+$/i.test(name) || !existsSync(script)) {
  say(`there is no script '${name}'`);
  process.exitCode = 64;
} else {
  try {
    await makeReady();
    process.exitCode = await run(script, args);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
