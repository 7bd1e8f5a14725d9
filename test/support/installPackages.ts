/** Debian packages that are missing, by apt. Where apt cannot, the error says what a person does instead. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withLock } from '../../scripts/lock.mjs';
import { command } from './vscode/command.ts';

const debianChromium = '/usr/bin/chromium';

/** The browser that shows VS Code: `$CHROMIUM`, or Debian's. */
export async function installChromium(): Promise<string> {
  const { CHROMIUM } = process.env;
  if (CHROMIUM) {
    if (!existsSync(CHROMIUM)) throw new Error(`CHROMIUM is '${CHROMIUM}', and no such file exists`);
    return CHROMIUM;
  }
  if (!existsSync(debianChromium)) {
    await installPackages(['chromium'], 'Install Chromium, or set CHROMIUM to the path of one.');
  }
  return debianChromium;
}

/** code-server's native modules are compiled on this machine. */
export async function installCompiler(): Promise<void> {
  const missing = new Set<string>();
  if (!isOnPath('make') || !isOnPath('g++')) missing.add('build-essential');
  if (!isOnPath('python3')) missing.add('python3');
  if (missing.size > 0) await installPackages([...missing], 'Install make, g++ and python3.');
}

/** Another editor than VS Code, to prove that the language server serves it. */
export async function installNeovim(): Promise<void> {
  if (!isOnPath('nvim')) await installPackages(['neovim'], 'Install Neovim 0.7 or newer.');
}

/** What runs the commands of agents; the tests of it would prove nothing without. */
export async function installBubblewrap(): Promise<void> {
  if (!isOnPath('bwrap')) await installPackages(['bubblewrap'], 'Install bubblewrap 0.8.0 or later.');
}

/** Reads formats that Node does not. */
export async function installPython(): Promise<void> {
  if (!isOnPath('python3')) await installPackages(['python3'], 'Install python3.');
}

/** Runs containers; whoever asks says what is not tested where it cannot be had. */
export async function tryInstallDocker(): Promise<void> {
  await installPackages(['docker.io', 'runc'], 'Install Docker.').catch((error: Error) =>
    process.stderr.write(`${error.message}\n`),
  );
}

/** What makes and signs Setup for Windows. */
export async function installNsis(): Promise<void> {
  const missing = [
    ['makensis', 'nsis'],
    ['osslsigncode', 'osslsigncode'],
    ['openssl', 'openssl'],
  ].flatMap(([program = '', name = '']) => (isOnPath(program) ? [] : [name]));
  if (missing.length > 0) await installPackages(missing, 'Install NSIS 3.08, osslsigncode 2.5 and openssl.');
}

async function installPackages(packages: readonly string[], otherwise: string): Promise<void> {
  const names = packages.join(' ');
  if (!isOnPath('apt-get') || process.getuid?.() !== 0) {
    throw new Error(`${names}: missing, and apt-get as root is not at hand. ${otherwise}`);
  }
  process.stderr.write(`installing Debian packages: ${names}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): Promise<string> =>
    command('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=600', ...args], { env });
  try {
    await withLock(path.join(tmpdir(), 'ospain2-apt.lock'), async () => {
      await apt('update');
      await apt('install', '-y', '--no-install-recommends', ...packages);
    });
  } catch (cause) {
    throw new Error(`${names}: apt-get could not install them. ${otherwise}`, { cause });
  }
}

export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));
}
