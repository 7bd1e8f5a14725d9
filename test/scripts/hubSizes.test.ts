import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { build } from 'esbuild';
import { bundles } from '../../scripts/bundles.ts';
import { firstBytes, hubFiles } from '../../scripts/hubSizes.ts';
import { hostName, targetNamed } from '../../scripts/packaging/target.ts';
import { pages } from '../../webview/pages/table.ts';
import { tempFolder } from '../support/temp.ts';

/** Gzipped: what a browser fetches before it shows anything. */
const MOST_FIRST = 350_000;

it('shows itself after little, and has each page apart', async (t) => {
  using folder = tempFolder('hub-build');
  const options = { target: targetNamed(hostName), outdir: folder.path, production: true };
  const hub = bundles(options).find(({ name }) => name === 'hub');
  ok(hub);
  const { metafile } = await build(hub.options);
  const outdir = join(folder.path, 'hub');
  const files = await hubFiles(outdir, metafile);
  for (const { name, gzipped, first } of files)
    t.diagnostic(`${(gzipped / 1000).toFixed(1).padStart(6)} kB gzipped${first ? ', first' : ''}: ${name}`);
  const bytes = firstBytes(files);
  t.diagnostic(`${(bytes / 1000).toFixed(1)} kB gzipped before anything is shown`);
  ok(bytes <= MOST_FIRST, `${bytes} bytes`);
  ok(files.some(({ name, first }) => first && name.endsWith('.css')));

  const early = Object.entries(metafile.outputs)
    .filter(([output]) => files.some(({ name, first }) => first && output.endsWith(name)))
    .flatMap(([, { inputs }]) => Object.keys(inputs));
  const inPages = pages.map(({ name }) => `webview/pages/${name}/`);
  deepEqual(
    early.filter((input) => inPages.some((folder) => input.startsWith(folder))),
    [],
    'pages are chunks of their own',
  );

  const page = readFileSync(join(outdir, 'index.html'), 'utf8');
  ok(!/<style|style=|<script(?![^>]*src=)| on\w+=/.test(page), 'nothing in the page is inline');
  ok(!/https?:\/\//.test(page), 'nothing comes from elsewhere');
});
