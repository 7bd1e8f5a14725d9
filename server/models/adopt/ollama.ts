import { join } from 'node:path';
import { z } from 'zod';
import { type FoundModel, modelName } from './foundModel.ts';
import { readSmall, sizeOf, type Walk } from './walk.ts';

const MODEL = 'application/vnd.ollama.image.model';
const MANIFEST_BYTES = 1024 * 1024;

/** An OCI image manifest, as far as it matters. */
const Manifest = z.object({
  layers: z.array(z.object({ mediaType: z.string(), digest: z.string(), size: z.int().nonnegative() })).max(1000),
});

/**
 * What Ollama holds below `models`: `manifests/REGISTRY/NAMESPACE/MODEL/TAG` names layers, and the layer with the weights
 * is the GGUF file `blobs/sha256-…`. A model that it keeps elsewhere, in the cloud or half-fetched, is none.
 */
export async function findOllama(walk: Walk, models: string): Promise<FoundModel[]> {
  const found: FoundModel[] = [];
  const manifests = join(models, 'manifests');
  for (const registry of await walk.folders(manifests))
    for (const namespace of await walk.folders(join(manifests, registry)))
      for (const model of await walk.folders(join(manifests, registry, namespace))) {
        const folder = join(manifests, registry, namespace, model);
        for (const entry of await walk.list(folder)) {
          const files = entry.isFile() ? await weightsOf(models, join(folder, entry.name)) : [];
          const name = modelName(model);
          if (files.length === 1) found.push({ program: 'Ollama', name, tag: entry.name, files });
        }
      }
  return found;
}

async function weightsOf(models: string, manifest: string): Promise<FoundModel['files']> {
  const text = await readSmall(manifest, MANIFEST_BYTES);
  const parsed = Manifest.safeParse(jsonOf(text));
  if (!parsed.success) return [];
  const files: FoundModel['files'] = [];
  for (const { mediaType, digest, size } of parsed.data.layers) {
    // The digest becomes a part of a path, so nothing else will do.
    const sha256 = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
    if (mediaType !== MODEL || sha256 === undefined) continue;
    const name = `sha256-${sha256}`;
    const path = join(models, 'blobs', name);
    if ((await sizeOf(path)) === size) files.push({ path, name, bytes: size, sha256 });
  }
  return files;
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
