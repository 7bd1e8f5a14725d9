import { type FileHandle, open } from 'node:fs/promises';
import type { ModelFile } from '../../../../protocol/index.ts';
import { Refusal } from '../refusal.ts';
import type { Ask, Route } from '../route.ts';
import { rangeOf } from './byteRange.ts';
import { digestHeader } from './digest.ts';
import { findVersion } from './version.ts';

const row = {
  path: '/models/{name}/versions/{version}/download',
  group: 'Registry',
  headers: {
    range: 'One range of bytes; more, and other units, are ignored.',
    'if-range': 'The ETag that the range belongs to; with another one the whole file comes.',
    'if-none-match': 'The ETag that is there already.',
  },
} as const;

/** The bytes of a version. Of one with several files, `?file=` names which. */
export const downloadRoutes: readonly Route[] = [
  {
    ...row,
    method: 'GET',
    id: 'downloadVersion',
    summary: 'Sends the file of a version; `?file=` names one of several.',
    answers: {
      200: ['The file; its ETag is the SHA-256.', { type: 'application/octet-stream' }],
      206: ['A range of it.', { type: 'application/octet-stream' }],
      304: ['The file is there already.'],
    },
    handle: download,
  },
  {
    ...row,
    method: 'HEAD',
    id: 'lookAtDownload',
    summary: 'Says how large the file is, and its SHA-256.',
    answers: { 200: ['It can be had.'] },
    handle: download,
  },
];

async function download(ask: Ask): Promise<unknown> {
  const { request, reply } = ask;
  const { model, files } = await findVersion(ask);
  const file = fileOf(files, request.query);
  const handle = await openWhole(file);
  const { headers } = request;
  // What was never hashed has no name of its content, so nothing can be resumed with certainty.
  const tag = file.sha256 === null ? null : `"${file.sha256}"`;
  reply.headers({
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'x-model': `${model.name}@${model.version}`,
    ...(file.sha256 !== null && { etag: `"${file.sha256}"`, 'repr-digest': digestHeader(file.sha256) }),
  });
  if (tag !== null && matches(headers['if-none-match'], tag)) return close(handle, () => reply.code(304).send());
  const isSame = headers['if-range'] === undefined || (tag !== null && String(headers['if-range']).trim() === tag);
  const range = isSame ? rangeOf(headers.range, file.bytes) : null;
  if (range === 'none') {
    await handle.close();
    reply.header('content-range', `bytes */${file.bytes}`);
    throw new Refusal('invalid_params', `The file has ${file.bytes} bytes.`, { status: 416 });
  }
  const { first, last } = range ?? { first: 0, last: file.bytes - 1 };
  reply.header('content-length', last - first + 1);
  if (range !== null) reply.code(206).header('content-range', `bytes ${first}-${last}/${file.bytes}`);
  if (request.method === 'HEAD') return close(handle, () => reply.send());
  return reply.send(handle.createReadStream({ start: first, end: last, highWaterMark: CHUNK }));
}

/** Bytes that are read at once. */
const CHUNK = 1 << 20;

function fileOf(files: readonly ModelFile[], query: unknown): ModelFile {
  const name = (query as Record<string, unknown>)['file'];
  const [only] = files;
  if (name === undefined && files.length === 1 && only !== undefined) return only;
  if (name === undefined)
    throw new Refusal('invalid_params', `This version has ${files.length} files.`, {
      ...{ param: 'file', hint: 'Say which one: ?file=' },
    });
  const file = files.find((one) => one.name === name);
  if (file === undefined) throw new Refusal('not_found', 'This version has no file of that name.', { param: 'file' });
  return file;
}

/** A file that is not as it was imported would be sent under a hash that is not its own. */
async function openWhole({ name, path, bytes }: ModelFile): Promise<FileHandle> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle !== null && (await handle.stat()).size === bytes) return handle;
  await handle?.close();
  throw new Refusal('not_found', `The file ${name} is not there any more, or not whole.`, {
    hint: 'Get the model again.',
  });
}

async function close<T>(handle: FileHandle, then: () => T): Promise<T> {
  await handle.close();
  return then();
}

const matches = (header: string | undefined, tag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag));
