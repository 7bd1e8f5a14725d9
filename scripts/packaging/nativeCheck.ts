/** Whether a staging folder holds every native file of its platform, whole, and none of another. */
import { createHash } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { HEADER_BYTES, nativeKind } from './nativeFile.ts';
import { type Lock, readLock } from './platformModules.ts';
import type { Target } from './target.ts';

/**
 * Throws unless every native file below `folder` is the target's, and each that the product opens is there. Resolves with the SHA-256 of
 * each, in hexadecimal, by its path.
 */
export async function checkNative(target: Target, folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Set<string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).split(path.sep).join('/');
    // A package shows what it holds. A link would be packed as a link, or as what it leads to on this machine.
    if (entry.isSymbolicLink()) throw new Error(`${name} is a link, which has no place in a package`);
    if (!entry.isFile()) continue;
    const kind = nativeKind(await head(file));
    if (kind === undefined) {
      if (/\.(node|so|dylib|dll|exe)$/.test(name)) throw new Error(`${name} is not a native file of any platform`);
      continue;
    }
    if (kind.os !== target.os || (kind.cpu !== target.cpu && kind.cpu !== 'universal'))
      throw new Error(`${name} is for ${kind.os}-${kind.cpu}, and this is ${target.name}`);
    found.add(name);
  }
  for (const name of nativeFiles(target)) {
    if (!found.has(name)) throw new Error(`${name} is missing: was its package installed for ${target.name}?`);
  }
  const hashes = new Map<string, string>();
  for (const name of [...found].sort()) {
    const content = await readFile(path.join(folder, name));
    for (const neighbour of neighbours(content)) {
      const wanted = path.posix.join(path.posix.dirname(name), neighbour);
      if (!found.has(wanted)) throw new Error(`${name} loads ${wanted}, which is missing`);
    }
    hashes.set(name, createHash('sha256').update(content).digest('hex'));
  }
  return hashes;
}

/** The native files that the product itself opens; the llama addon loads its neighbours. */
export function nativeFiles({ os, sqlite, keyring, llama, ripgrep, vectors }: Target): string[] {
  const ends = { linux: 'so', darwin: 'dylib', win32: 'dll' };
  const folder = llama.slice(llama.indexOf('/') + 1);
  return [
    `dist/${sqlite}.node`,
    `dist/${keyring.slice('@napi-rs/'.length).replace('-', '.')}.node`,
    `dist/node_modules/${llama}/bins/${folder}/llama-addon.node`,
    `dist/node_modules/${ripgrep}/bin/rg${os === 'win32' ? '.exe' : ''}`,
    ...(vectors === undefined ? [] : [`dist/node_modules/${vectors}/vec0.${ends[os]}`]),
  ];
}

/** Files of llama.cpp that a native file names whole, as its imports do: they have to lie beside it. */
export function neighbours(file: Buffer): string[] {
  const names = file.toString('latin1').matchAll(/(?<=[\0/])(?:lib)?(?:llama|ggml)[\w.-]*\.(?:so|dylib|dll)(?=\0)/g);
  return [...new Set([...names].map(([name]) => name))].sort();
}

/**
 * Throws unless each package below `modules` has the version of the lock. Of an optional package that it cannot install npm says
 * nothing, and an older one that stayed behind looks like the right one; node-llama-cpp loads binaries of exactly its own version.
 */
export async function checkVersions(names: readonly string[], modules: string, lock?: Lock): Promise<void> {
  const { packages } = lock ?? (await readLock());
  for (const name of names) {
    const wanted = packages[`node_modules/${name}`]?.version;
    const manifest = await readFile(path.join(modules, name, 'package.json'), 'utf8').catch(() => undefined);
    if (manifest === undefined) throw new Error(`${name} ${wanted} is missing: npm leaves out what it cannot have`);
    const { version } = JSON.parse(manifest) as { version?: unknown };
    if (version !== wanted) throw new Error(`${name} is installed as ${version}, and package-lock.json has ${wanted}`);
  }
}

async function head(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
