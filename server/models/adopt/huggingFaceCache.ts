import { basename, dirname, join } from 'node:path';
import { type FoundFile, type FoundModel, wholeModels } from './foundModel.ts';
import { toModel } from './lmStudio.ts';
import { filesBelow, realPathOf, sizeOf, type Walk } from './walk.ts';

/**
 * What Hugging Face's tools hold: `models--ORG--REPO/snapshots/COMMIT/….gguf`, each a link to `../../blobs/HASH`, or the
 * file itself where the system knows no links. A large file's blob is named by its SHA-256.
 */
export async function findHuggingFace(walk: Walk, hub: string): Promise<FoundModel[]> {
  const found: FoundModel[] = [];
  for (const folder of await walk.folders(hub)) {
    const repository = /^models--.+?--(.+)$/.exec(folder)?.[1];
    if (repository === undefined) continue;
    const snapshots = join(hub, folder, 'snapshots');
    const seen = new Set<string>();
    for (const commit of await walk.folders(snapshots)) {
      const files: FoundFile[] = [];
      for (const name of await filesBelow(walk, join(snapshots, commit), '.gguf', 2)) {
        const path = await realPathOf(join(snapshots, commit, name));
        // The file itself, or a blob of its own repository: no other link is followed.
        const isOwn = path === join(snapshots, commit, name) || dirname(path ?? '') === join(hub, folder, 'blobs');
        if (path === undefined || !isOwn) continue;
        const bytes = await sizeOf(path);
        const sha256 = /^[0-9a-f]{64}$/.exec(basename(path))?.[0];
        if (bytes !== undefined) files.push({ path, name, bytes, sha256 });
      }
      for (const whole of wholeModels(files)) {
        // Commits share the blobs that did not change.
        const key = whole.map(({ path }) => path).join('\0');
        if (!seen.has(key)) found.push(toModel('Hugging Face', repository, whole));
        seen.add(key);
      }
    }
  }
  return found;
}
