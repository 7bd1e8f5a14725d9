/** The folder that becomes the VSIX: everything that runs on one platform, and nothing else. */
import { cp, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from './build.ts';
import { llamaFiles } from './llamaFiles.ts';
import { HEADER_BYTES, nativeKind } from './nativeFile.ts';
import { notices } from './notices.ts';
import { inRepository } from './paths.ts';
import { syntaxFiles } from './syntaxFiles.ts';
import type { Target } from './target.ts';

/** What a person reads, the texts in each language, and the pictures and the model. */
const manifestTexts = ['package.nls.json', 'package.nls.de.json', 'package.nls.zh-cn.json'];
const copied = ['README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'l10n', ...manifestTexts];
/** Of the manifest, what only the repository needs. */
const stripped = ['private', 'scripts', 'bin', 'allowScripts', 'dependencies', 'devDependencies', 'overrides'];

export interface Staging {
  readonly target: Target;
  readonly folder: string;
  /** The `node_modules` folder that holds the target's native packages. */
  readonly modules: string;
}

export async function stage({ target, folder, modules }: Staging): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const dist = path.join(folder, 'dist');
  const built = await build({ target, outdir: dist, production: true, modules });
  await writeFile(path.join(dist, 'NOTICES.txt'), await notices(built.values()));
  await writeFile(path.join(folder, 'package.json'), await manifest());
  for (const name of copied) await cp(inRepository(name), path.join(folder, name), { recursive: true });
  // Below `dist`, since vsce leaves out a `node_modules` at the top that npm does not vouch for.
  for (const file of [...(await llamaFiles()), ...(await syntaxFiles())])
    await cp(inRepository(file), path.join(dist, file), { recursive: true });
  for (const name of [target.llama, target.ripgrep, target.vectors])
    if (name !== undefined)
      await cp(path.join(modules, name), path.join(dist, 'node_modules', name), { recursive: true });
  await checkNative(target, folder);
}

async function manifest(): Promise<string> {
  const whole: Record<string, unknown> = JSON.parse(await readFile(inRepository('package.json'), 'utf8'));
  const kept = Object.entries(whole).filter(([name]) => !stripped.includes(name));
  return `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`;
}

/** Throws unless every native file below `folder` is the target's, and each that the product opens is there. */
export async function checkNative(target: Target, folder: string): Promise<void> {
  const found = new Set<string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).split(path.sep).join('/');
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

async function head(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
