import { cpSync, linkSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundles } from '../../../scripts/bundles.ts';
import { hostName, targetNamed } from '../../../scripts/packaging/target.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** One change of one source file. */
export interface Mutation {
  /** Below the repository. */
  file: string;
  from: string;
  to: string;
}

/**
 * The built product in a folder, with a server that was built from changed sources: all else is the files of `dist/`. Answers the path
 * of its command line. Throws when a source has not what is to be changed.
 */
export async function buildMutant(folder: string, mutations: readonly Mutation[]): Promise<string> {
  const dist = join(folder, 'dist');
  const server = bundles({ target: targetNamed(hostName), outdir: dist, production: false }).find(
    ({ name }) => name === 'server',
  );
  if (server === undefined) throw new Error('there is no bundle of the server');
  const sources = new Map<string, string>();
  for (const { file, from, to } of mutations) {
    const path = join(root, file);
    const source = sources.get(path) ?? readFileSync(path, 'utf8');
    if (!source.includes(from)) throw new Error(`${file} has no ${from}`);
    sources.set(path, source.replace(from, to));
  }
  mkdirSync(dist);
  for (const name of ['cli.js', 'worker.js', 'keyring.js']) place(join(root, 'dist', name), join(dist, name));
  for (const name of ['media', 'package.json', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'dist/hub'), join(dist, 'hub'));
  await build({
    ...server.options,
    sourcemap: false,
    entryPoints: { server: 'server/main.ts' },
    plugins: [
      ...(server.options.plugins ?? []),
      {
        name: 'mutation',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const contents = sources.get(path);
            return contents === undefined ? undefined : { contents, loader: 'ts' };
          }),
      },
    ],
  });
  return join(dist, 'cli.js');
}

/** A program finds what belongs to it beside its real path, so a symbolic link would lead it away from here. */
function place(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    cpSync(from, to);
  }
}
