import { z } from 'zod';
import { OspainError } from '../../../protocol/index.ts';
import { isFileName, quoted } from './fileName.ts';
import { authorization } from './huggingFace.ts';
import { fetchJson, type RemoteOptions } from './remoteJson.ts';
import type { RemoteModel } from './remoteModel.ts';
import type { RegistrySource } from './source.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().nonnegative();

/** Of `GET /models/{name}/versions/{version}`. */
const Version = z.object({
  sha256,
  bytes,
  format: z.string().max(32),
  files: z
    .array(z.object({ name: z.string(), bytes, sha256 }))
    .max(1000)
    .optional(),
});

/**
 * The files of a version in another registry: one is at `…/download`, of several each at `…/download?file=NAME`.
 * Throws as `download` does.
 */
export async function resolveRegistry(
  { origin, name, version }: RegistrySource,
  { token, ...options }: RemoteOptions & { token?: string | undefined },
): Promise<RemoteModel> {
  const base = `${origin}/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
  const headers = authorization(token);
  const { value } = await fetchJson(new URL(base), Version, headers, options);
  const url = new URL(`${base}/download`);
  const { files = [] } = value;
  const odd = files.find((file) => !isFileName(file.name));
  if (odd !== undefined) throw new OspainError('content_differs', `${origin} names a file ${quoted(odd.name)}.`);
  if (files.length <= 1) {
    const fallback = `${name}.${/^\w{1,16}$/.test(value.format) ? value.format : 'bin'}`;
    const [file = { name: fallback, bytes: value.bytes, sha256: value.sha256 }] = files;
    return { name, headers, files: [{ url, ...file }] };
  }
  const withFile = (file: string) => new URL(`?file=${encodeURIComponent(file)}`, url);
  return { name, headers, files: files.map((file) => ({ url: withFile(file.name), ...file })) };
}
