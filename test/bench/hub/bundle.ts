import { join } from 'node:path';
import { build } from 'esbuild';
import { bundles } from '../../../scripts/bundles.ts';
import { firstBytes, hubFiles } from '../../../scripts/hubSizes.ts';
import { against, type Report, round } from '../../../scripts/measure.ts';
import { hostName, targetNamed } from '../../../scripts/packaging/target.ts';
import { tempFolder } from '../../support/temp.ts';

/** Bytes of the shipped build, as a browser fetches them where a server packs: ours sends them as they are, on the same machine. */
export async function measureBundle(report: Report): Promise<void> {
  using folder = tempFolder('bench-hub');
  const options = { target: targetNamed(hostName), outdir: folder.path, production: true };
  const hub = bundles(options).find(({ name }) => name === 'hub');
  if (hub === undefined) throw new Error('there is no bundle of the hub');
  const { metafile } = await build(hub.options);
  const files = await hubFiles(join(folder.path, 'hub'), metafile);
  const first = firstBytes(files) / 1000;
  report({
    measure: 'loaded before anything is shown',
    value: round(first, 1),
    unit: 'kB gzipped',
    ...against('<= 350', first),
  });
  const all = files.reduce((sum, { gzipped }) => sum + gzipped, 0) / 1000;
  report({ measure: 'all pages and languages', value: round(all, 1), unit: 'kB gzipped' });
}
