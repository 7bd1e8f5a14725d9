/**
 * A Windows to try Setup on: Wine 10 of Debian trixie, in a folder of its own, which bubblewrap makes the root. No network, no process
 * that outlives it, nothing mounted outside of it.
 */
import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, repository } from '../paths.ts';

const folder = path.join(cacheFolder, 'wine');
const root = path.join(folder, 'trixie');
/** Setups, the record of a run and the disk of Windows. */
export const workFolder = path.join(folder, 'work');
const prefix = path.join(workFolder, 'prefix');

/** What a Windows program finds at `Z:\`. */
const inside = { repository: '/repository', work: '/work', small: '/small' } as const;
export const windowsPath = (place: keyof typeof inside, ...parts: string[]): string =>
  ['Z:', inside[place].slice(1), ...parts].join('\\');

/** Bytes of the disk that is too small for anything. */
const SMALL = 8_000_000;

/** Throws with what is missing; installs what apt has. */
export function makeMachine(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('Wine runs on Linux x64 only; on Windows itself run scripts/windows/acceptance.ts');
  if (process.getuid?.() !== 0) throw new Error('a Debian can only be installed in a folder as root');
  for (const [program, name] of [
    ['debootstrap', 'debootstrap'],
    ['bwrap', 'bubblewrap'],
    ['makensis', 'nsis'],
    ['osslsigncode', 'osslsigncode'],
  ] as const)
    if (spawnSync('which', [program]).status !== 0)
      must('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', name]);
  if (existsSync(path.join(root, 'usr/lib/wine/wine64'))) return;
  const half = `${root}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  must('debootstrap', ['--variant=minbase', 'trixie', half]);
  for (const name of ['resolv.conf', 'hosts'])
    cpSync(`/etc/${name}`, path.join(half, 'etc', name), { dereference: true });
  const install = 'apt-get update -qq && apt-get install -qq -y --no-install-recommends wine wine64 </dev/null';
  must('chroot', [half, 'sh', '-c', `export DEBIAN_FRONTEND=noninteractive; ${install}`]);
  renameSync(half, root);
}

function must(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
}

/** Empties the disk of Windows and starts it once. */
export async function newWindows(): Promise<void> {
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(workFolder, { recursive: true });
  await inMachine('wine64 wineboot -i; wineserver -w');
  if (!existsSync(path.join(prefix, 'system.reg'))) throw new Error('Wine did not start');
}

export interface WindowsRun {
  /** A program of Windows and its arguments, without blanks. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Libraries that Windows is to lack. */
  readonly without?: readonly string[];
}

/** Runs a program; its exit code. What it says goes to the file: node.exe writes to no pipe of Linux. */
export async function inWindows({ args, env = {}, without = [] }: WindowsRun, output: string): Promise<number> {
  const system = path.join(prefix, 'drive_c/windows/system32');
  for (const name of without) rmSync(path.join(system, `${name}.dll`), { force: true });
  writeFileSync(path.join(workFolder, output), '');
  const line = args.map((arg) => `'${arg}'`).join(' ');
  const shown = `tail -f ${inside.work}/${output} & `;
  const code = `wine64 ${line} > ${inside.work}/${output} 2>&1; code=$?; sleep 1; wineserver -k; exit $code`;
  return inMachine(shown + code, { ...env, WINEDLLOVERRIDES: overrides(without) });
}

/** No Mono, no Gecko, no menus of the desktop; libraries with nothing behind `=` are not there. */
const overrides = (without: readonly string[]): string =>
  ['mscoree,mshtml=', 'winemenubuilder.exe=d', ...without.map((name) => `${name}=`)].join(';');

function inMachine(command: string, env: Readonly<Record<string, string>> = {}): Promise<number> {
  const variables = {
    HOME: '/root',
    LANG: 'C.UTF-8',
    PATH: '/usr/lib/wine:/usr/bin:/bin:/usr/sbin:/sbin',
    WINEPREFIX: `${inside.work}/prefix`,
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: overrides([]),
    ...env,
  };
  const args = [
    ...['--bind', root, '/', '--bind', workFolder, inside.work, '--ro-bind', repository, inside.repository],
    ...['--dev', '/dev', '--proc', '/proc', '--ro-bind', '/sys', '/sys', '--tmpfs', '/tmp'],
    ...['--size', String(SMALL), '--tmpfs', inside.small],
    ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv'],
    ...Object.entries(variables).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['bash', '-c', command],
  ];
  const options: SpawnOptions = { stdio: ['ignore', 'inherit', 'ignore'] };
  return new Promise((resolve, reject) => {
    const child = spawn('bwrap', args, options);
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
