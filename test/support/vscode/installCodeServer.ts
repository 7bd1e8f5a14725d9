/**
 * code-server from npm into the cache folder, about a minute, once.
 *
 * The fast way: install scripts stay off and only the two native modules that VS Code's server needs are compiled, with
 * the headers of Node's own npm package, so that nothing is downloaded but npm packages.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from '../../../scripts/lock.mjs';
import { installCompiler } from '../installPackages.ts';
import { nearHeaders, npmWith } from '../npm.ts';
import { command } from './command.ts';
import { cacheFolder, codeServerVersion, node } from './tools.ts';

const nativeModules = ['@vscode/spdlog', '@vscode/native-watchdog'];
const folder = path.join(cacheFolder, 'code-server');
const stampFile = path.join(folder, 'installed.json');
const entry = path.join(folder, 'node_modules/code-server/out/node/entry.js');

/** Returns code-server's program. */
export async function installCodeServer(): Promise<string> {
  if (!existsSync(node)) throw new Error(`${node} is missing: run 'npm ci' with install scripts on`);
  const version = (await command(node, ['-p', 'process.versions.node'])).trim();
  const stamp = JSON.stringify({ codeServer: codeServerVersion, node: version, arch: process.arch });
  if (await isInstalled(stamp)) return entry;
  await withLock(`${folder}.lock`, async () => {
    if (await isInstalled(stamp)) return;
    await installCompiler();
    process.stderr.write(`installing code-server ${codeServerVersion} into ${folder} (about a minute, once)\n`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await install(await nodeHeaders(version));
    await writeFile(stampFile, stamp);
  });
  return entry;
}

async function isInstalled(stamp: string): Promise<boolean> {
  return (await readFile(stampFile, 'utf8').catch(() => '')) === stamp;
}

async function install(headers: string): Promise<void> {
  const npm = npmWith({ npm_config_nodedir: headers });
  const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await writeFile(path.join(folder, 'package.json'), '{"private":true}');
  await npm(folder, 'install', `code-server@${codeServerVersion}`, ...quiet);
  // The rest is what code-server's postinstall.sh does, less the install scripts of the dependencies.
  await npm(vscode, 'install', '--omit=dev', ...quiet);
  await npm(path.join(vscode, 'extensions'), 'install', '--omit=dev', ...quiet);
  await link('code-linux.sh', path.join(vscode, 'bin/remote-cli/code-server'));
  await link('browser-linux.sh', path.join(vscode, 'bin/helpers/browser.sh'));
  await npm(vscode, 'rebuild', '--ignore-scripts=false', '--foreground-scripts', ...nativeModules);
  const scratch = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  await command(node, [entry, '--version'], { env: { ...process.env, ...scratch } });
}

async function link(target: string, at: string): Promise<void> {
  await rm(at, { force: true });
  await symlink(target, at);
}

/** The folder with `include/node`, which stops node-gyp from downloading the headers. */
async function nodeHeaders(version: string): Promise<string> {
  const near = nearHeaders();
  if (near) return near;
  const name = `node-${process.platform}-${process.arch}`;
  await writeFile(path.join(folder, 'package.json'), '{"private":true}');
  await npmWith({})(folder, 'install', `${name}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund');
  return path.join(folder, 'node_modules', name);
}
