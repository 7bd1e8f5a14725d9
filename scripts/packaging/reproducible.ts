/** Whether the same sources give the same bytes elsewhere: in another folder, another time zone, with another mask for files. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { inRepository, repository } from '../paths.ts';
import { sourceEpoch } from './sourceEpoch.ts';
import { readZip } from './zip.ts';

const run = promisify(execFile);

/** Runs the package command with `args` on a copy of the sources; throws when a package differs from that in `files`. */
export async function checkReproducible(args: readonly string[], files: readonly string[]): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-again-'));
  const mask = process.umask(0o077);
  try {
    await copySources(folder);
    await symlink(inRepository('node_modules'), path.join(folder, 'node_modules'), 'junction');
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(await sourceEpoch()), TZ: 'Pacific/Chatham', LC_ALL: 'C' };
    await run(process.execPath, ['scripts/package.ts', ...args], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
    for (const file of files) await compare(file, path.join(folder, 'dist', path.basename(file)));
  } finally {
    process.umask(mask);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What git has, and what it would have: what is ignored is made anew. */
async function copySources(folder: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    maxBuffer: 16 * 1024 * 1024,
  });
  for (const name of stdout.split('\0').filter((one) => one !== ''))
    await cp(inRepository(name), path.join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      // Deleted, and not yet said to git.
      if (error.code !== 'ENOENT') throw error;
    });
}

async function compare(one: string, other: string): Promise<void> {
  const [first, second] = await Promise.all([readFile(one), readFile(other)]);
  if (first.equals(second)) return;
  const name = path.basename(one);
  const where = name.endsWith('.vsix') ? await differing(one, other) : [];
  throw new Error(`${name} is another when it is made elsewhere: ${where.join(', ') || 'its order, modes or times'}`);
}

async function differing(one: string, other: string): Promise<string[]> {
  const entries = await Promise.all([one, other].map(readZip));
  const [first = new Map(), second = new Map()] = entries.map(
    (list) => new Map(list.map((entry) => [entry.path, entry.read().toString('latin1')])),
  );
  const paths = [...new Set([...first.keys(), ...second.keys()])];
  return paths.filter((name) => first.get(name) !== second.get(name));
}
