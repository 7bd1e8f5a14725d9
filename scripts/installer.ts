/**
 * Makes Setup.exe for Windows, on any system that has NSIS.
 *
 *   npm run installer [-- --quick] [--url https://…/OSPAiN2-Setup-0.1.0-x64.exe]
 *
 * `--quick` compresses for a trial; `--url` also writes the manifest for winget, which names where Setup will be. It is signed where the
 * environment has a certificate (scripts/windows/sign.ts).
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeChecksums } from './packaging/packaged.ts';
import { sbomWith } from './packaging/sbom.ts';
import { SBOM, withStaged } from './packaging/stage.ts';
import { targetNamed } from './packaging/target.ts';
import { distFolder, inRepository } from './paths.ts';
import { NODE_VERSION, nodeForWindows } from './windows/node.ts';
import { makeSetup, setupFile } from './windows/setupProgram.ts';
import { wingetManifest } from './windows/winget.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, url: { type: 'string' } } });
const { version } = JSON.parse(await readFile(inRepository('package.json'), 'utf8'));
const out = setupFile(version);
const node = await nodeForWindows();
await withStaged({ product: 'cli', target: targetNamed('win32-x64') }, async (app) => {
  await makeSetup({ version, app, node, quick: values.quick, out });
  const listed = sbomWith(await readFile(path.join(app, SBOM), 'utf8'), {
    product: 'ospain2-setup',
    program: { name: 'node', version: NODE_VERSION, licence: 'MIT', source: 'https://github.com/nodejs/node' },
    sha256: await sha256Of(node.program),
  });
  await writeFile(out.replace(/\.exe$/, '.cdx.json'), listed);
});
const sha256 = await sha256Of(out);
await writeFile(`${out}.sha256`, `${sha256}  ${path.basename(out)}\n`);
await writeChecksums();
if (values.url !== undefined) {
  const folder = path.join(distFolder, 'winget');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of wingetManifest({ version, url: values.url, sha256 }))
    await writeFile(path.join(folder, name), text);
}
process.stdout.write(
  `${path.relative(process.cwd(), out)} ${((await stat(out)).size / 1024 / 1024).toFixed(2)} MiB, SHA-256 ${sha256}\n`,
);

async function sha256Of(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
