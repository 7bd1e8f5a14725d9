/** Setup.exe: what it holds, and NSIS, which makes it. */
import { type ExecFileException, execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { cacheFolder, distFolder, inRepository } from '../paths.ts';
import { fileNames, installLines, type ShippedFile, uninstallLines } from './fileLists.ts';
import { icon, readPng } from './icon.ts';
import { sign, signs } from './sign.ts';

export interface SetupOptions {
  readonly version: string;
  /** The folder with the command line and all that it needs. */
  readonly app: string;
  readonly node: { readonly program: string; readonly licence: string };
  /** Compressed in seconds instead of minutes, into half as much again. */
  readonly quick: boolean;
  readonly out: string;
  /** The folder for what it is made of; one of the cache when not given. */
  readonly parts?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** How many more bytes than the files themselves an installation wants: blocks of the disk, and the uninstaller. */
const MARGIN = 20_000_000;

/** Where Setup of a version lies once it is made. */
export const setupFile = (version: string): string => path.join(distFolder, `OSPAiN2-Setup-${version}-x64.exe`);

export async function makeSetup(options: SetupOptions): Promise<void> {
  const { version, app, node, quick, out, env = process.env } = options;
  const { parts = path.join(cacheFolder, 'installer', 'parts') } = options;
  await rm(parts, { recursive: true, force: true });
  await mkdir(parts, { recursive: true });
  const part = (name: string) => path.join(parts, name);
  const words = `${/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '0.0.0'}.0`;
  const defines = [`-DVERSION=${version}`, `-DVERSION_WORDS=${words}`, `-DPARTS=${parts}`];

  await writeFile(part('ospain2.ico'), icon(readPng(await readFile(inRepository('media/icons/ospain2-512.png')))));
  await cp(inRepository('LICENSE'), part('LICENSE.txt'));
  await cp(node.licence, part('LICENSE-node.txt'));
  await writeFile(part('ospain2.cmd'), '@"%~dp0..\\node\\node.exe" "%~dp0..\\app\\dist\\cli.js" %*\r\n');
  await bundleSetup(part('setup.mjs'));
  await makensis('launcher.nsi', [...defines, `-DOUT=${part('ospain2w.exe')}`], env);
  await sign(part('ospain2w.exe'), env);

  const files = [
    ...(await filesBelow(app, 'app')),
    { source: node.program, name: 'node\\node.exe' },
    { source: part('LICENSE-node.txt'), name: 'node\\LICENSE.txt' },
    { source: part('ospain2.cmd'), name: 'bin\\ospain2.cmd' },
    ...['ospain2w.exe', 'ospain2.ico', 'setup.mjs', 'LICENSE.txt', 'files.txt'].map((name) => ({
      source: part(name),
      name,
    })),
  ];
  await writeFile(part('files.txt'), fileNames(files));
  await writeFile(part('install.nsh'), installLines(files));
  await writeFile(part('uninstall.nsh'), uninstallLines(files));

  const bytes = MARGIN + (await sizeOf(files));
  await mkdir(path.dirname(out), { recursive: true });
  await makensis(
    'ospain2.nsi',
    [
      ...defines,
      `-DOUT=${out}`,
      `-DNEEDED_BYTES=${bytes}`,
      `-DNEEDED_KILOBYTES=${Math.ceil(bytes / 1024)}`,
      `-DLONGEST=${Math.max(...files.map(({ name }) => name.length)) + 1}`,
      ...(quick ? ['-DQUICK'] : []),
      ...(signs(env) ? [`-DSIGN="${process.execPath}" "${path.join(import.meta.dirname, 'sign.ts')}"`] : []),
    ],
    env,
  );
  await sign(out, env);
}

/** A program of its own, since it runs while the rest is being replaced. */
async function bundleSetup(out: string): Promise<void> {
  await build({
    entryPoints: [inRepository('cli/windows/setup.ts')],
    outfile: out,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

async function makensis(script: string, defines: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const args = ['-V2', '-WX', '-INPUTCHARSET', 'UTF8', ...defines, path.join(import.meta.dirname, script)];
  try {
    // In the locale C, makensis 3.08 ends by a null pointer at the first file whose name is not ASCII.
    await promisify(execFile)('makensis', args, { env: { ...env, LC_ALL: 'C.UTF-8' }, maxBuffer: 1 << 24 });
  } catch (thrown) {
    const { code, signal, stdout, stderr } = thrown as ExecFileException;
    if (code === 'ENOENT') throw new Error('makensis is missing: install NSIS 3.08 or later (Debian: nsis)');
    throw new Error(`${script} was not compiled (${signal ?? code}):\n${stdout}${stderr}`);
  }
}

async function filesBelow(folder: string, name: string): Promise<ShippedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const source = path.join(entry.parentPath, entry.name);
      return { source, name: [name, ...path.relative(folder, source).split(path.sep)].join('\\') };
    });
}

async function sizeOf(files: readonly ShippedFile[]): Promise<number> {
  const sizes = await Promise.all(files.map(async ({ source }) => (await stat(source)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
