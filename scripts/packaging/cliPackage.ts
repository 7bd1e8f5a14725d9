/** The command line's package for one platform: a tarball that npm installs without asking anybody for anything. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar } from 'modern-tar';
import { readManifest } from './manifest.ts';
import { intoDist, type Packaged } from './packaged.ts';
import type { PackedFile } from './sizeTable.ts';
import { sourceEpoch } from './sourceEpoch.ts';
import { isProgram, SBOM, withStaged } from './stage.ts';
import type { Target } from './target.ts';

export async function packageCli(target: Target): Promise<Packaged> {
  const { version } = await readManifest();
  return withStaged({ product: 'cli', target }, async (folder) => {
    const { tarball, entries } = await tar(folder, new Date((await sourceEpoch()) * 1000));
    const made = `${folder}.tgz`;
    await writeFile(made, tarball);
    const name = `ospain2-cli-${target.name}-${version}.tgz`;
    return intoDist({ made, sbom: path.join(folder, SBOM), name, entries });
  });
}

/** Everything below `folder` in the folder `package`, as npm wants it; the same bytes for the same files. */
async function tar(folder: string, mtime: Date): Promise<{ tarball: Buffer; entries: PackedFile[] }> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const names = files.map((file) => path.relative(folder, file).split(path.sep).join('/')).sort();
  const packed = await Promise.all(
    names.map(async (name) => {
      const body = await readFile(path.join(folder, name));
      const mode = isProgram(name) ? 0o755 : 0o644;
      const header = { name: `package/${name}`, type: 'file' as const, size: body.length, mode, mtime, uid: 0, gid: 0 };
      return { header: { ...header, uname: '', gname: '' }, body };
    }),
  );
  const tarball = await promisify(gzip)(await packTar(packed), { level: 9 });
  // Byte 9 of the header (RFC 1952) names the system that packed it, of which nothing else depends.
  tarball[9] = 255;
  return { tarball, entries: packed.map(({ header }) => ({ path: header.name, bytes: header.size })) };
}
