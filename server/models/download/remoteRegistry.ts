import { z } from 'zod';
import { OspainError } from '../../../protocol/index.ts';
import { isFileName, quoted } from './fileName.ts';
import { authorization } from './huggingFace.ts';
import { fetchJson, type RemoteOptions } from './remoteJson.ts';
import type { RemoteModel } from './remoteModel.ts';
import type { RegistrySource } from './source.ts';

const bytes = z.int().nonnegative();
/** Null: nobody hashed it there. */
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullish();

/** Of `GET /models/{name}/versions/{version}`; the registry of this product says more. */
const Version = z.object({
  version: z
    .string()
    .regex(/^\d[\dA-Za-z.+-]{0,63}$/)
    .optional(),
  licence: z.string().max(256).nullish(),
  format: z.string().max(32),
  bytes,
  sha256,
  files: z
    .array(z.object({ name: z.string(), bytes, sha256 }))
    .max(1000)
    .default([]),
});

/**
 * The files of a version in another registry: one is at `…/download`, of several each at `…/download?file=NAME`.
 * Throws as `download` does.
 */
export async function resolveRegistry(
  { origin, name, version: wanted }: RegistrySource,
  { token, ...options }: RemoteOptions & { token?: string | undefined },
): Promise<RemoteModel> {
  const at = (version: string) =>
    `${origin}/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`;
  const headers = authorization(token);
  const { value } = await fetchJson(new URL(at(wanted)), Version, headers, options);
  // An alias may lead to another version by the time that the file is asked for.
  const url = new URL(`${at(value.version ?? wanted)}/download`);
  const odd = value.files.find((file) => !isFileName(file.name));
  if (odd !== undefined) throw new OspainError('content_differs', `${origin} names a file ${quoted(odd.name)}.`);
  const fallback = `${name}.${/^\w{1,16}$/.test(value.format) ? value.format : 'bin'}`;
  const files = value.files.length > 0 ? value.files : [{ name: fallback, bytes: value.bytes, sha256: value.sha256 }];
  return {
    name,
    version: value.version,
    licence: value.licence ?? undefined,
    headers,
    files: files.map((file) => ({
      url: files.length > 1 ? new URL(`?file=${encodeURIComponent(file.name)}`, url) : url,
      name: file.name,
      bytes: file.bytes,
      sha256: file.sha256 ?? undefined,
    })),
  };
}
