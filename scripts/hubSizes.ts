/** What a browser has to fetch before the hub is there, and after it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';

export interface HubFile {
  readonly name: string;
  readonly bytes: number;
  readonly gzipped: number;
  /** Whether it is fetched before anything is shown; a page's chunk is not. */
  readonly first: boolean;
}

/** Every script of a build, and its styles, largest first. `outdir` is the folder with `index.html`. */
export async function hubFiles(outdir: string, metafile: Metafile): Promise<HubFile[]> {
  const page = await readFile(path.join(outdir, 'index.html'), 'utf8');
  const named = [...page.matchAll(/"\.\/(assets\/[^"]+)"/g)].map(([, name = '']) => name);
  const scripts = Object.keys(metafile.outputs).filter((output) => output.endsWith('.js'));
  const first = new Set(named.map((name) => path.posix.basename(name)));
  for (const name of first) {
    const output = scripts.find((script) => path.posix.basename(script) === name) ?? '';
    for (const { path: imported, kind } of metafile.outputs[output]?.imports ?? [])
      if (kind === 'import-statement') first.add(path.posix.basename(imported));
  }
  const names = [
    ...named.filter((name) => name.endsWith('.css')),
    ...scripts.map((script) => `assets/${path.posix.basename(script)}`),
  ];
  const files = await Promise.all(
    names.map(async (name) => {
      const content = await readFile(path.join(outdir, name));
      const short = path.posix.basename(name);
      return { name: short, bytes: content.length, gzipped: gzipSync(content).length, first: first.has(short) };
    }),
  );
  return files.sort((one, other) => other.gzipped - one.gzipped);
}

/** Bytes, gzipped, that are fetched before anything is shown. */
export const firstBytes = (files: readonly HubFile[]): number =>
  files.filter(({ first }) => first).reduce((sum, { gzipped }) => sum + gzipped, 0);
