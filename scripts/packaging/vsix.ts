/** The extension's package for one platform. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { inRepository } from '../paths.ts';
import { readManifest } from './manifest.ts';
import { intoDist, type Packaged } from './packaged.ts';
import { sourceEpoch } from './sourceEpoch.ts';
import { SBOM, withStaged } from './stage.ts';
import type { Target } from './target.ts';
import { readZip } from './zip.ts';

export async function packageVsix(target: Target): Promise<Packaged> {
  const { version } = await readManifest();
  return withStaged({ product: 'extension', target }, async (folder) => {
    const made = `${folder}.vsix`;
    const vsce = inRepository('node_modules/@vscode/vsce/vsce');
    const options = ['--target', target.name, '--no-dependencies', '--no-rewrite-relative-links', '--out', made];
    // With a time, vsce sorts what it packs and gives each entry that time, which a ZIP file has without its zone.
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(await sourceEpoch()), TZ: 'UTC', LC_ALL: 'C' };
    await promisify(execFile)(process.execPath, [vsce, 'package', ...options, '--allow-missing-repository'], {
      cwd: folder,
      env,
      maxBuffer: 16 * 1024 * 1024,
    });
    const name = `ospain2-${target.name}-${version}.vsix`;
    return intoDist({ made, sbom: path.join(folder, SBOM), name, entries: await readZip(made) });
  });
}
