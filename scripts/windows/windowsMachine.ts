/** What the acceptance test asks of the Windows that it runs on. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountsOf } from '../../cli/windows/accounts.ts';
import {
  parseRegistryFile,
  REG_EXPAND_SZ,
  type RegistryKeys,
  registryFile,
  textOf,
  textValue,
} from '../../cli/windows/registryFile.ts';

const { env } = process;
export const ENVIRONMENT = 'HKEY_CURRENT_USER\\Environment';
const RUN_KEY = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';

export const localData = (): string => `${env.LOCALAPPDATA}\\OSPAiN2`;
const logFile = (): string => `${env.TEMP}\\ospain2-setup.log`;
export const logText = (): string => readFileSync(logFile(), 'utf16le');

/** Runs Setup in silent mode as a shell would start it; its exit code. Where to comes last, without quotes, as NSIS wants it. */
export function runSetup(setup: string, { place, autoStart }: { place?: string; autoStart?: string } = {}): number {
  const args = [
    '/S',
    ...(autoStart === undefined ? [] : [`/AUTOSTART="${autoStart}"`]),
    ...(place === undefined ? [] : [`/D=${place}`]),
  ];
  const { status, error } = spawnSync(setup, args, { windowsVerbatimArguments: true });
  if (error) throw error;
  return status ?? -1;
}

/** The uninstaller goes on in a copy of itself; resolves when that is done. */
export async function uninstall(place: string, more: readonly string[] = []): Promise<void> {
  const { status } = spawnSync(`${place}\\Uninstall.exe`, ['/S', ...more], { windowsVerbatimArguments: true });
  if (status !== 0) throw new Error(`the uninstaller ended with ${status}`);
  await until(() => (existsSync(`${place}\\Uninstall.exe`) ? undefined : true));
  // Its last words come after its own file went.
  await until(() => (logText().trimEnd().endsWith('.') && !hasKey('Software\\OSPAiN2') ? true : undefined));
}

/** What `look` finds, as soon as it does. */
export async function until<T>(look: () => T | undefined, patience = 60_000): Promise<T> {
  for (const end = Date.now() + patience; ; ) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain: ${look}`);
    await sleep(200);
  }
}

/** Every value below a key. */
export function registryOf(key: string): RegistryKeys {
  const folder = mkdtempSync(path.join(tmpdir(), 'acceptance-'));
  const file = path.join(folder, 'all.reg');
  try {
    execFileSync('reg', ['export', key, file, '/y'], { stdio: 'ignore' });
    return parseRegistryFile(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const hasKey = (key: string): boolean => spawnSync('reg', ['query', `HKCU\\${key}`], { stdio: 'ignore' }).status === 0;

export function valueNamed(key: string, name: string): { type: number; text: string; hex: string } {
  const value = registryOf(key).get(key.toLowerCase())?.get(name);
  return {
    type: value?.type ?? 0,
    text: value === undefined ? '' : textOf(value),
    hex: value?.bytes.toString('hex') ?? '',
  };
}

/** What Windows runs at log-in, of us. */
export const runCommands = (): string[] =>
  [...(registryOf(RUN_KEY).get(RUN_KEY.toLowerCase()) ?? [])].flatMap(([name, value]) =>
    name.startsWith('OSPAiN2 ') ? [textOf(value)] : [],
  );

/** Keys and values that are new, gone or different. Windows itself counts, sorts and remembers in some of them all the time. */
export function changedValues(before: RegistryKeys, after: RegistryKeys): string[] {
  const restless =
    /\\(explorer|shell extensions|windows nt\\currentversion\\fonts|software\\wine|usertypes|internet settings)(\\|$)/;
  const flat = (keys: RegistryKeys) =>
    new Map(
      [...keys].flatMap(([key, values]) =>
        restless.test(key)
          ? []
          : [...values].map(([name, { bytes }]) => [`${key}\\${name}`, bytes.toString('hex')] as const),
      ),
    );
  const [one, other] = [flat(before), flat(after)];
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name)).sort();
}

/** A Path of 2,000 characters with umlauts, some of it with variables; the one that was there comes back in the end. */
export function seedPath(): { restore(): void } {
  const before = registryOf(ENVIRONMENT).get(ENVIRONMENT.toLowerCase())?.get('Path') ?? null;
  let long = '';
  while (long.length < 2000) long += `%USERPROFILE%\\Wörk Ünit\\工具${long.length};`;
  importValue(textValue(REG_EXPAND_SZ, long));
  return { restore: () => importValue(before) };
}

function importValue(value: Parameters<typeof registryFile>[2]): void {
  const file = path.join(tmpdir(), 'acceptance.reg');
  writeFileSync(file, registryFile(ENVIRONMENT, 'Path', value));
  execFileSync('reg', ['import', file], { stdio: 'ignore' });
  rmSync(file);
}

/** All files of the person and of programs; not what Windows itself writes while it runs, nor the temporary ones. */
export function filesOf(root: string): string[] {
  const found: string[] = [];
  const enter = (folder: string) => {
    if (/\\(windows|temp|system volume information|\$recycle\.bin)$/i.test(folder)) return;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const name = path.win32.join(folder, entry.name);
      if (entry.isDirectory()) enter(name);
      else found.push(name);
    }
  };
  enter(root);
  return found;
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `ospain2` as a window that is opened now finds it: by the Path of the registry, through the shell. */
export function ospain2(args: readonly string[], cwd = env.USERPROFILE, more: NodeJS.ProcessEnv = {}): Ran {
  const first = valueNamed(ENVIRONMENT, 'Path').text.split(';')[0] ?? '';
  const quoted = args.map((arg) => (/^[\w.:/\\-]+$/.test(arg) ? arg : `"${arg}"`)).join(' ');
  const { status, stdout, stderr } = spawnSync(env.ComSpec ?? 'cmd.exe', ['/d', '/s', '/c', `"ospain2 ${quoted}"`], {
    cwd,
    env: { ...env, ...more, PATH: `${first};${env.PATH}` },
    windowsVerbatimArguments: true,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

/** One installation, as its own command line and files tell of it. */
export function installation(place: string) {
  const json = (args: readonly string[], cwd: string) => {
    const { code, out, err } = ospain2([...args, '--json'], cwd);
    if (code !== 0) throw new Error(err);
    return JSON.parse(out.split('\n')[0] ?? '{}') as unknown;
  };
  return {
    version: () =>
      valueNamed(
        'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\OSPAiN2',
        'DisplayVersion',
      ).text,
    /** The files that Setup says it wrote. */
    listed: () => readFileSync(`${place}\\files.txt`, 'utf8').split('\r\n').filter(Boolean),
    status: (cwd: string) =>
      (json(['status'], cwd) as { status: { pid: number; socket: string; warnings: string[] } }).status,
    running: (cwd: string) =>
      (json(['service', 'status'], cwd) as { service: { running: { pid: number } | null } | null }).service?.running ??
      undefined,
    /** How many secrets of ours the Credential Manager keeps. */
    kept: () => {
      const addon = JSON.stringify(`${place}\\app\\dist\\keyring.win32-x64-msvc.node`);
      const names = JSON.stringify(accountsOf(localData()));
      const count = `${names}.filter((name) => new (require(${addon}).Entry)('ospain2', name).getPassword() !== null).length`;
      return Number(execFileSync(`${place}\\node\\node.exe`, ['-p', count], { encoding: 'utf8' }));
    },
  };
}

/** Files with a key in them, which are there where no keyring is in use. */
export const keyFiles = (): string[] =>
  filesOf(localData()).filter((name) => /\\(key|root-secret-[0-9a-f]+)$/.test(name));

/** A copy of the sample folder to work in. */
export function sampleFolder(place: string, to: string): string {
  cpSync(`${place}\\app\\media\\sample`, to, { recursive: true });
  return to;
}
