import { createHash } from 'node:crypto';
import { OspainError } from '../../../protocol/index.ts';
import type { Egress } from '../../egress/egress.ts';
import { type Downloaded, type DownloadOptions, download } from './download.ts';
import { resolveHuggingFace } from './huggingFace.ts';
import type { Progress } from './meter.ts';
import type { RemoteModel } from './remoteModel.ts';
import { resolveRegistry } from './remoteRegistry.ts';
import { fileNameOf, parseSource, type Source } from './source.ts';

export interface PullOptions
  extends Pick<DownloadOptions, 'into' | 'signal' | 'onProgress' | 'onEvent' | 'limits' | 'clock' | 'freeBytes'> {
  /** As a person typed it. */
  source: string;
  egress: Egress;
  /** Asked for a host that the source leads to and that does not belong to it. */
  allow?: (host: string) => boolean | Promise<boolean>;
  /** The person wants http to the open internet. */
  plainHttp?: boolean;
  /** `https://huggingface.co`, or a mirror's. */
  endpoint: URL;
  /** For the endpoint. */
  huggingFaceToken?: string | undefined;
  /** For another OSPAiN2's registry. */
  registryToken?: string | undefined;
  /** Called when it is known what will be fetched, before it is. */
  onResolved?: (model: RemoteModel) => void;
}

export interface Pulled extends Pick<RemoteModel, 'name' | 'version' | 'licence'> {
  /** In the order of their parts. */
  files: Downloaded[];
}

/** Where Hugging Face keeps large files. */
const STORES = ['*.hf.co', '*.huggingface.co', 'hf.co', 'huggingface.co'];

/**
 * Fetches what a source stands for into a folder, in one action of egress. The folder must be the same one when it is
 * tried again: it holds what is there already. Throws as `parseSource` and `download` do.
 */
export async function pull(options: PullOptions): Promise<Pulled> {
  const { egress, allow, plainHttp = false, signal, clock, endpoint, huggingFaceToken, registryToken } = options;
  const source = parseSource(options.source, { plainHttp });
  const action = {
    purpose: `pull ${described(source)}`,
    hosts: hostsOf(source, endpoint),
    plainHttp,
    ...(allow && { allow }),
    ...(signal && { signal }),
  };
  return egress.during(action, async (fetch) => {
    const remote = { fetch, signal, clock };
    const model =
      source.kind === 'huggingFace'
        ? await resolveHuggingFace(source, { ...remote, endpoint, token: huggingFaceToken })
        : source.kind === 'registry'
          ? await resolveRegistry(source, { ...remote, token: registryToken })
          : fromUrl(source.url);
    assertDistinct(model);
    options.onResolved?.(model);
    const files: Downloaded[] = [];
    for (const { bytes, sha256, ...file } of model.files) {
      const about = { ...(bytes !== undefined && { bytes }), ...(sha256 !== undefined && { sha256 }) };
      const onProgress = progressOf(model, files, options.onProgress);
      files.push(await download({ ...options, ...file, ...about, headers: model.headers, fetch, onProgress }));
    }
    const { name, version, licence } = model;
    return { name, version, licence, files };
  });
}

/**
 * Names the folder for a source, below one of the caller's: the same for the same model, so that a pull that is tried
 * again finds what is there, and another one for each other model. A signature in an address does not matter.
 */
export function pullFolderName(source: string, options: { plainHttp?: boolean } = {}): string {
  const named = described(parseSource(source, options));
  return `pull-${createHash('sha256').update(named).digest('hex').slice(0, 16)}`;
}

function fromUrl(url: URL): RemoteModel {
  const name = fileNameOf(url);
  return { name: name.replace(/\.\w+$/, ''), files: [{ url, name }], headers: {} };
}

/** Without a query: that may be a signature. */
function described(source: Source): string {
  switch (source.kind) {
    case 'huggingFace':
      return source.file === undefined
        ? `hf:${source.org}/${source.repo}:${source.tag}`
        : `hf:${source.org}/${source.repo}/${source.file}@${source.revision}`;
    case 'registry':
      return `${source.origin} ${source.name}@${source.version}`;
    case 'url':
      return `${source.url.origin}${source.url.pathname}`;
  }
}

function hostsOf(source: Source, endpoint: URL): string[] {
  if (source.kind === 'url') return [withPort(source.url)];
  if (source.kind === 'registry') return [withPort(new URL(source.origin))];
  const isItself = endpoint.protocol === 'https:' && /(^|\.)(huggingface|hf)\.co$/.test(endpoint.hostname);
  return [withPort(endpoint), ...(isItself ? STORES : [])];
}

/** A pattern without a port means that of https. */
const withPort = (url: URL): string => (url.protocol === 'http:' && url.port === '' ? `${url.hostname}:80` : url.host);

/** Of all files together: the one under way, and those that are done. */
function progressOf(model: RemoteModel, done: readonly Downloaded[], report: PullOptions['onProgress']) {
  const before = done.reduce((sum, { bytes }) => sum + bytes, 0);
  const later = model.files.slice(done.length + 1).map(({ bytes }) => bytes);
  return ({ received, total, bytesPerSecond }: Progress): void => {
    const known = [total, ...later].every((bytes) => bytes !== undefined);
    const all = known ? before + [total, ...later].reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0) : undefined;
    const left = all === undefined ? undefined : all - before - received;
    const etaMs = left !== undefined && bytesPerSecond > 0 ? Math.round((left * 1000) / bytesPerSecond) : undefined;
    report?.({ received: before + received, total: all, bytesPerSecond, etaMs });
  };
}

function assertDistinct({ files }: RemoteModel): void {
  const names = new Set(files.map(({ name }) => name.toLowerCase()));
  if (names.size !== files.length || files.length === 0)
    throw new OspainError('content_differs', 'The source names no files, or two of one name.');
}
