import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { shown } from '../../egress/hosts.ts';

/** What is kept beside the part of a file: where it comes from, and how much of it can be trusted. */
const Sidecar = z.object({
  /** For people: without its query. */
  from: z.string(),
  /** SHA-256 of the whole address: a signed one would be a secret. */
  address: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  bytes: z.int().nonnegative().optional(),
  /** What the file must have. */
  sha256: z.string().optional(),
  /** Bytes that survive a power cut. */
  synced: z.int().nonnegative(),
  /** When the machine was started, in Unix milliseconds: what was written since survives the death of the process. */
  bootedAt: z.number(),
  /** SHA-256 of the file that has taken its name. */
  finished: z.string().optional(),
});
export type Sidecar = z.infer<typeof Sidecar>;

/** Whether a part belongs to what is wanted: the same content, or the same address where no content is promised. */
export function isSameFile(sidecar: Sidecar, wanted: Pick<Sidecar, 'address' | 'sha256'>): boolean {
  if (sidecar.sha256 !== undefined || wanted.sha256 !== undefined) return sidecar.sha256 === wanted.sha256;
  return sidecar.address === wanted.address;
}

export const addressOf = (url: URL): Pick<Sidecar, 'address' | 'from'> => ({
  address: createHash('sha256').update(url.href).digest('hex'),
  from: shown(url),
});

/** Undefined when there is none, or none that makes sense. */
export async function readSidecar(file: string): Promise<Sidecar | undefined> {
  try {
    return Sidecar.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writeSidecar(file: string, sidecar: Sidecar): Promise<void> {
  const fresh = `${file}.new`;
  await rm(fresh, { force: true });
  const handle = await open(fresh, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(sidecar));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}
