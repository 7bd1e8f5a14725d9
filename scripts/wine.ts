/**
 * Setup on a Windows of its own: Wine 10 in a Debian below the cache folder, which is made the first time (root and apt are needed).
 *
 *   npm run test:windows [-- --setup dist/OSPAiN2-Setup-0.1.0-x64.exe]
 *
 * Without `--setup` one is made for the trial. Fifteen minutes at most; docs/windows.md has the last result.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withLock } from './lock.mjs';
import { withStaged } from './packaging/stage.ts';
import { targetNamed } from './packaging/target.ts';
import { cacheFolder, inRepository } from './paths.ts';
import { inWindows, makeMachine, newWindows, windowsPath, workFolder } from './windows/machine.ts';
import { nodeForWindows } from './windows/node.ts';
import { makeSetup } from './windows/setupProgram.ts';

/** What `llama.cpp` and the keyring link against. */
const RUNTIME = ['msvcp140', 'vcruntime140', 'vcruntime140_1'];

const { values } = parseArgs({ options: { setup: { type: 'string' } } });
const started = performance.now();
const say = (text: string): void =>
  void process.stdout.write(`── ${text} (at ${((performance.now() - started) / 1000).toFixed(0)} s)\n`);

async function run(): Promise<boolean> {
  say('Wine');
  makeMachine();
  await mkdir(workFolder, { recursive: true });
  const { version } = JSON.parse(await readFile(inRepository('package.json'), 'utf8'));
  const node = await nodeForWindows();
  await cp(node.program, path.join(workFolder, 'node.exe'));
  say('Setup');
  await withStaged({ product: 'cli', target: targetNamed('win32-x64') }, async (app) => {
    const file = (name: string) => path.join(workFolder, name);
    if (values.setup === undefined) await makeSetup({ version, app, node, quick: true, out: file('new.exe') });
    else await cp(values.setup, file('new.exe'));
    await writeFile(path.join(app, 'only-old.txt'), 'an upgrade removes this');
    await makeSetup({ version: '0.0.1', app, node, quick: true, out: file('old.exe') });
  });
  const program = (name: string, ...args: string[]) => [
    windowsPath('work', 'node.exe'),
    windowsPath('repository', 'scripts', 'windows', name),
    ...args,
  ];
  say('install, use, upgrade, uninstall');
  await newWindows();
  const env = { OSPAIN2_SMALL_DISK: windowsPath('small') };
  const setups = [windowsPath('work', 'old.exe'), windowsPath('work', 'new.exe')];
  const accepted = await inWindows({ args: program('acceptance.ts', ...setups), env }, 'acceptance.txt');
  say('without the Visual C++ runtime');
  await newWindows();
  const setup = windowsPath('work', 'new.exe');
  const without = await inWindows({ args: program('withoutRuntime.ts', setup), without: RUNTIME }, 'without.txt');
  return accepted === 0 && without === 0;
}

const isGreen = await withLock(path.join(cacheFolder, 'wine.lock'), run);
say(isGreen ? 'all passed' : 'failed');
process.exitCode = isGreen ? 0 : 1;
