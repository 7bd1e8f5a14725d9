import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { runProgram } from '../service/runProgram.ts';
import { endServings, homeOf, listServings, type Serving, servingsFolder } from '../servings.ts';
import { accountsOf } from './accounts.ts';
import { withFolder, withoutFolder } from './pathValue.ts';
import { createRegistry, type Registry } from './registry.ts';
import type { RegistryValue } from './registryFile.ts';

/*
 * What Setup and its uninstaller cannot do themselves, run by the Node that they bring: setup.mjs SAID WHAT …
 * What it did, or why it could not, is written to the file SAID, in UTF-16; then it ends with 1. It says nothing on standard output, which a program
 * without a window may not have.
 *   path-add DIR | path-remove DIR    the person's Path
 *   leave FILE DIR                    ends what `ospain2 serve` runs from the folder DIR, and writes it down in FILE
 *   return FILE                       starts it again
 *   tidy OLD NEW DIR                  removes files of the last version that this one does not have
 *   ospain2 PROGRAM ARGUMENT…         runs the command line
 *   forget PROGRAM                    removes tasks, notes, models, settings and, with the program for keyrings, the keys
 */

const ENVIRONMENT = 'HKEY_CURRENT_USER\\Environment';
/** Milliseconds that servers get to end; what is left then is ended by Setup. */
const PATIENCE = 45_000;

async function editPath(registry: Registry, edit: (before: RegistryValue | undefined) => RegistryValue | null) {
  const values = await registry.read(ENVIRONMENT);
  const [name, before] = [...values].find(([one]) => one.toLowerCase() === 'path') ?? ['Path', undefined];
  const after = edit(before);
  if (after === (before ?? null)) return 'Path is as it should be.';
  await registry.write(ENVIRONMENT, name, after);
  return 'Path is changed.';
}

const isBelow = (folder: string, { command: [program = ''] }: Serving): boolean =>
  program.toLowerCase().startsWith(`${folder.toLowerCase()}\\`);

async function leave(folder: string, file: string, below: string): Promise<string> {
  const servings = listServings(folder).filter((serving) => isBelow(below, serving));
  writeFileSync(file, JSON.stringify(servings));
  const left = await endServings(folder, servings, PATIENCE);
  return `${servings.length} asked to end, ${left.length} still there.`;
}

/** Each is alone from then on; one that cannot be started keeps no other from it. */
async function startAgain(file: string): Promise<string> {
  const servings = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Serving[]) : [];
  for (const { command } of servings) {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { detached: true, stdio: 'ignore', windowsHide: true });
    await new Promise<void>((resolve) => {
      child.once('spawn', resolve);
      child.once('error', () => resolve());
    });
    child.unref();
  }
  return `${servings.length} started again.`;
}

/** Files are named one a line, relative to the folder. Folders that are empty then go too. */
export function tidy(old: string, current: string, folder: string): string {
  const names = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/).filter(Boolean) : []);
  const kept = new Set(names(current));
  const gone = names(old).filter((name) => !kept.has(name) && !name.split(/[\\/]/).includes('..'));
  for (const name of gone) {
    const path = join(folder, ...name.split('\\'));
    rmSync(path, { force: true });
    removeEmpty(dirname(path), folder);
  }
  return `${gone.length} files of the last version removed.`;
}

function removeEmpty(path: string, top: string): void {
  for (let folder = path; folder.length > top.length; folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

/** Throws with what the command line said on standard error. */
async function commandLine(args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...args], { windowsHide: true });
    return oneLine(stdout);
  } catch (thrown) {
    const { stderr, message } = thrown as Error & { stderr?: string };
    throw new Error(oneLine(stderr || message));
  }
}

/** A log of lines has one for each of these. */
const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

async function forget(root: string, program: string, env: NodeJS.ProcessEnv): Promise<string> {
  const forgotten = (await runProgram(process.execPath, [program, '--forget', ...accountsOf(root)], env)) === 0;
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  const keys = forgotten ? 'and the keys of the keyring' : 'but not the keys: the keyring cannot be used';
  return `The data folder is removed, ${keys}.`;
}

async function run([what, ...args]: string[]): Promise<string> {
  const [one = '', two = '', three = ''] = args;
  const { env } = process;
  const folder = servingsFolder(env, homeOf(env));
  switch (what) {
    case 'path-add':
      return editPath(createRegistry(env), (before) => withFolder(before, one));
    case 'path-remove':
      return editPath(createRegistry(env), (before) => withoutFolder(before, one));
    case 'leave':
      return leave(folder, one, two);
    case 'return':
      return startAgain(one);
    case 'tidy':
      return tidy(one, two, three);
    case 'ospain2':
      return commandLine(args);
    case 'forget':
      return forget(dirname(folder), one, env);
    default:
      throw new Error(`setup.mjs knows no '${what ?? ''}'`);
  }
}

if (import.meta.main) {
  const [, , said = '', ...what] = process.argv;
  try {
    writeFileSync(said, await run(what), 'utf16le');
  } catch (thrown) {
    writeFileSync(said, thrown instanceof Error ? thrown.message : String(thrown), 'utf16le');
    process.exitCode = 1;
  }
}
