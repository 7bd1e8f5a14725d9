/** What esbuild makes of the sources: a bundle for each program, and the native files that they open. */
import path from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { hubPage } from './hub.ts';
import type { Target } from './packaging/target.ts';
import { repository } from './paths.ts';
import { strictPackages } from './strictPackages.ts';

export interface BundleOptions {
  readonly target: Target;
  /** Folder that the bundles go to. */
  readonly outdir: string;
  /** Smaller, and without source maps. */
  readonly production: boolean;
  /** A `node_modules` folder to look in for packages that this machine's own does not have. */
  readonly modules?: string | undefined;
}

export interface Bundle {
  readonly name: 'extension' | 'server' | 'worker' | 'cli' | 'hub';
  readonly options: BuildOptions & { metafile: true };
  /** Inputs that must never be in it: parts of paths below the repository. */
  readonly forbidden: readonly string[];
}

// Dependencies that are CommonJS call `require`, which a module does not have.
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const native = ['better-sqlite3', '@napi-rs/keyring', 'node-llama-cpp'].map((name) => `node_modules/${name}`);

/** The language client is most of the extension's code and only needed with the first server: a file of its own, loaded then. */
const laterClient: Plugin = {
  name: 'later client',
  setup(build) {
    build.onResolve({ filter: /\/languageClient\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './languageClient.cjs', external: true } : undefined,
    );
  },
};

/**
 * The language client could speak over ports, and names `net` for that. Ours speaks over the channel to its child, so nothing
 * of the extension has a way to other machines: `test/e2e/noRemote.test.ts`.
 */
const noNetwork: Plugin = {
  name: 'no network',
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?net$/ }, ({ path }) => ({ path, namespace: 'none' }));
    build.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {};' }));
  },
};

export function bundles(options: BundleOptions): Bundle[] {
  const { outdir, production, modules } = options;
  const common = {
    absWorkingDir: repository,
    outdir,
    bundle: true,
    metafile: true,
    platform: 'node',
    // Node 22.14 is the oldest that the database addon runs on, and newer than VS Code 1.105's extension host asks for.
    target: 'node22.14',
    sourcemap: production ? false : 'linked',
    minifySyntax: production,
    minifyWhitespace: production,
    legalComments: 'none',
    logLevel: 'warning',
    // Also where `node_modules` is a link: what goes in has the same path, so what comes out has the same bytes.
    preserveSymlinks: true,
    nodePaths: modules === undefined ? [] : [modules],
  } satisfies BuildOptions;
  const module = { ...common, format: 'esm', banner: { js: requireBanner } } satisfies BuildOptions;
  return [
    {
      name: 'extension',
      options: {
        ...common,
        entryPoints: { extension: 'extension/extension.ts', languageClient: 'extension/languageClient.ts' },
        format: 'cjs',
        outExtension: { '.js': '.cjs' },
        external: ['vscode'],
        plugins: [laterClient, noNetwork],
      },
      forbidden: ['server/', 'cli/', ...native],
    },
    {
      name: 'server',
      options: {
        ...module,
        entryPoints: {
          server: 'server/main.ts',
          keyring: 'server/storage/keyringProgram.ts',
          doctor: 'server/doctor/doctorProgram.ts',
        },
        external: ['node-llama-cpp'],
        // The main entries of these look other files up at run time, in folders that a bundle does not have.
        alias: {
          'better-sqlite3': `better-sqlite3/${options.target.sqlite}`,
          'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
        },
        loader: { '.node': 'copy' },
        assetNames: '[name]',
        plugins: [oneKeyring(options.target)],
      },
      forbidden: ['extension/', 'cli/'],
    },
    {
      name: 'worker',
      options: { ...module, entryPoints: { worker: 'server/inference/llama/worker.ts' }, external: ['node-llama-cpp'] },
      forbidden: ['extension/', 'cli/', 'server/storage/', 'server/tasks/', ...native.slice(0, 2)],
    },
    {
      name: 'cli',
      options: {
        ...module,
        entryPoints: { cli: 'cli/main.ts' },
        banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
      },
      forbidden: ['extension/', 'server/', ...native],
    },
    {
      name: 'hub',
      options: {
        ...common,
        outdir: path.join(outdir, 'hub'),
        platform: 'browser',
        // Chromium of VS Code 1.105, the oldest that is supported, and browsers of its age.
        target: ['chrome140', 'firefox140', 'safari18'],
        format: 'esm',
        splitting: true,
        jsx: 'automatic',
        entryPoints: { main: 'webview/main.tsx' },
        entryNames: 'assets/[name]-[hash]',
        chunkNames: 'assets/[name]-[hash]',
        minifyIdentifiers: production,
        // What is tested is what is shipped: React's other build is another program.
        define: { 'process.env.NODE_ENV': '"production"' },
        plugins: [strictPackages, hubPage(path.join(outdir, 'hub'))],
      },
      forbidden: ['extension/', 'server/', 'cli/', ...native],
    },
  ];
}

/** `@napi-rs/keyring` names the binaries of every platform; only the target's is bundled, the rest stay unresolved. */
function oneKeyring(target: Target): Plugin {
  return {
    name: 'one-keyring',
    setup(build) {
      build.onResolve({ filter: /^@napi-rs\/keyring-|^\.\/keyring\..*\.node$/ }, ({ path: wanted }) =>
        wanted === target.keyring ? undefined : { path: wanted, external: true },
      );
    },
  };
}

/** Paths of a metafile as the repository has them: with `/`, also on Windows. */
export const inputPath = (input: string): string => input.split(path.sep).join('/');
