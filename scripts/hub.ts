/**
 * The hub's styles and its page, beside the chunks that esbuild makes: `index.html`, and everything else below `assets/` by its hash. What
 * makes it a program that can be installed and opened offline has names of its own: manifest, icons and service worker.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compile, optimize } from '@tailwindcss/node';
import { Scanner } from '@tailwindcss/oxide';
import { type Metafile, type Plugin, build as runEsbuild } from 'esbuild';
import { inRepository } from './paths.ts';

const sources = inRepository('webview');
const ENTRY = 'webview/main.tsx';
const installed = [
  'webview/manifest.webmanifest',
  ...['ospain2.svg', 'ospain2-192.png', 'ospain2-512.png'].map((name) => `media/icons/${name}`),
];

/** Writes styles and page after each build, also while watching. */
export const hubPage = (outdir: string): Plugin => ({
  name: 'hub page',
  setup(build) {
    build.onEnd(async ({ errors, metafile }) => {
      if (errors.length > 0 || metafile === undefined) return;
      await writeHubPage(outdir, metafile);
      for (const file of installed) await copyFile(inRepository(file), path.join(outdir, path.basename(file)));
      await writeServiceWorker(outdir, metafile);
    });
  },
});

async function writeHubPage(outdir: string, metafile: Metafile): Promise<void> {
  const styles = await hubStyles();
  const assets = path.join(outdir, 'assets');
  const stylesName = `hub-${hash(styles)}.css`;
  await mkdir(assets, { recursive: true });
  for (const name of await readdir(assets))
    if (name.startsWith('hub-') && name.endsWith('.css') && name !== stylesName) await rm(path.join(assets, name));
  await writeFile(path.join(assets, stylesName), styles);
  const page = await readFile(path.join(sources, 'index.html'), 'utf8');
  await writeFile(path.join(outdir, 'index.html'), withFiles(page, stylesName, entryName(metafile)));
}

/** It knows each file of the build by name, and those whose name does not say their content by a hash. */
async function writeServiceWorker(outdir: string, { inputs, outputs }: Metafile): Promise<void> {
  const made = new Set(Object.keys(outputs).map((file) => path.basename(file)));
  const assets = (await readdir(path.join(outdir, 'assets'))).filter((name) => made.has(name) || name.endsWith('.css'));
  const named = ['index.html', ...installed.map((file) => path.basename(file))];
  const files = [
    ...assets.filter((name) => !name.endsWith('.map')).map((name) => ({ url: `./assets/${name}`, revision: null })),
    ...(await Promise.all(
      named.map(async (name) => ({
        url: name === 'index.html' ? './' : `./${name}`,
        revision: hash(await readFile(path.join(outdir, name), 'latin1')),
      })),
    )),
  ];
  const worker = await runEsbuild({
    absWorkingDir: inRepository('.'),
    metafile: true,
    preserveSymlinks: true,
    entryPoints: ['webview/offline/serviceWorker.ts'],
    outfile: path.join(outdir, 'serviceWorker.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome140', 'firefox140', 'safari18'],
    legalComments: 'none',
    define: { FILES: JSON.stringify(files), 'process.env.NODE_ENV': '"production"' },
  });
  // A build within the build: what went into it is what the hub is made of, too.
  Object.assign(inputs, worker.metafile.inputs);
}

/** What Tailwind makes of the classes that the sources name. */
async function hubStyles(): Promise<string> {
  const css = await readFile(path.join(sources, 'theme/theme.css'), 'utf8');
  const compiler = await compile(css, { base: path.join(sources, 'theme'), onDependency: () => {} });
  const scanner = new Scanner({ sources: [{ base: sources, pattern: '**/*.{ts,tsx}', negated: false }] });
  return optimize(compiler.build(scanner.scan()), { minify: true }).code;
}

function entryName({ outputs }: Metafile): string {
  const [output] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === ENTRY) ?? [];
  if (output === undefined) throw new Error(`nothing was made of ${ENTRY}`);
  return path.posix.basename(output);
}

function withFiles(page: string, styles: string, script: string): string {
  const filled = page.replace('hub.css', styles).replace('main.js', script);
  if (!filled.includes(styles) || !filled.includes(script))
    throw new Error('webview/index.html names no hub.css or main.js');
  return filled;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
