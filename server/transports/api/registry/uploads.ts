import { z } from 'zod';
import {
  type Model,
  ModelName,
  NewModelVersion,
  OspainError,
  Upload as ProtocolUpload,
  type Upload as Waiting,
} from '../../../../protocol/index.ts';
import { Refusal } from '../refusal.ts';
import { type Ask, type Route, route } from '../route.ts';
import { contentRangeOf } from './byteRange.ts';
import { announcedDigest } from './digest.ts';
import { receive } from './receive.ts';
import { nameIn, Version, versionOf, versionPath } from './version.ts';

/** An upload as the client sees it: without the path. */
const Upload = ProtocolUpload.omit({ path: true });

const NewUpload = z.object({
  version: NewModelVersion.default('latest'),
  bytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  sha256: z
    .string()
    .regex(/^[\da-f]{64}$/, 'not 64 lower-case hexadecimal digits')
    .optional(),
  fileName: z.string().min(1).max(255).optional(),
  alias: ModelName.optional(),
});

const answers = {
  201: ['The new version.', Version],
  200: ['The same bytes were this version already.', Version],
} as const;

export function createUploadRoutes(): Route[] {
  const comings = createComings();
  /** Uploads by what was announced, so that who lost the address finds it again by saying the same once more. */
  const announced = new Map<string, string>();
  return [
    {
      method: 'PUT',
      path: '/models/{name}/versions/{version}',
      id: 'putVersion',
      group: 'Registry',
      summary:
        'Adds a version in one request; `latest` makes the next one. `?sha256=`, `?alias=`, `?file=` (its name).',
      headers: { 'repr-digest': 'sha-256=:base64: of the file (RFC 9530); other bytes are refused.' },
      stream: true,
      answers,
      handle: putWhole,
    },
    route({
      method: 'POST',
      path: '/models/{name}/uploads',
      id: 'startUpload',
      group: 'Registry',
      summary:
        'Begins an upload that can be resumed, at the Location that is answered, or finds the one that was begun.',
      body: NewUpload,
      answers: { 201: ['The upload.', Upload], 200: answers[200] },
      async handle(ask) {
        const { body, core, reply } = ask;
        const there = await alreadyThere(ask, body.version, body.sha256);
        if (there !== null) return there;
        const asked = { name: nameIn(ask), ...body };
        const key = JSON.stringify(Object.entries(asked).sort());
        const begun = await waiting(ask, body.sha256 === undefined ? undefined : announced.get(key));
        const upload = begun ?? (await core('upload/start', asked)).upload;
        announced.set(key, upload.id);
        reply.code(201).header('location', `/uploads/${upload.id}`);
        return told(ask, upload);
      },
    }),
    {
      method: 'GET',
      path: '/uploads/{id}',
      id: 'showUpload',
      group: 'Registry',
      summary: 'Says how many bytes are there; Upload-Offset says it too.',
      answers: { 200: ['The upload.', Upload] },
      handle: async (ask) => told(ask, await show(ask)),
    },
    {
      method: 'PUT',
      path: '/uploads/{id}',
      id: 'continueUpload',
      group: 'Registry',
      summary: 'Appends bytes; with the last one the version is made.',
      headers: {
        'content-range': 'bytes FIRST-LAST/TOTAL, as `curl -C` says it; none: all come; bytes */TOTAL: no more come.',
      },
      stream: true,
      answers: { ...answers, 202: ['More bytes are to come.', Upload] },
      async handle(ask) {
        await comings.alone((await show(ask)).id, (cut) => appendRange(ask, cut));
        const upload = await show(ask);
        if (upload.received >= upload.bytes) return finish(ask, upload.id);
        ask.reply.code(202);
        return told(ask, upload);
      },
    },
    {
      method: 'DELETE',
      path: '/uploads/{id}',
      id: 'cancelUpload',
      group: 'Registry',
      summary: 'Gives an upload up.',
      answers: { 204: ['It is gone.'] },
      async handle({ core, params, reply }) {
        await core('upload/cancel', { uploadId: params['id'] ?? '' });
        return reply.code(204).send();
      },
    },
  ];
}

/**
 * Who comes back after a broken connection may be here before the server noticed the break: the new connection cuts the
 * old one, so that only one appends.
 */
function createComings() {
  const under = new Map<string, { cut: AbortController; over: Promise<void> }>();
  return {
    async alone(id: string, run: (cut: AbortSignal) => Promise<void>): Promise<void> {
      for (let other = under.get(id); other !== undefined; other = under.get(id)) {
        other.cut.abort(new OspainError('cancelled', 'The upload goes on over another connection.'));
        await other.over;
      }
      const cut = new AbortController();
      const work = run(cut.signal);
      const over = work.catch(() => {}).finally(() => under.delete(id));
      under.set(id, { cut, over });
      await work;
    },
  };
}

async function waiting({ core }: Ask<unknown>, uploadId: string | undefined): Promise<Waiting | null> {
  if (uploadId === undefined) return null;
  return core('upload/show', { uploadId }).then(
    ({ upload }) => upload,
    () => null,
  );
}

const show = async ({ core, params }: Ask): Promise<Waiting> =>
  (await core('upload/show', { uploadId: params['id'] ?? '' })).upload;

/** Upload-Offset is the word of draft-ietf-httpbis-resumable-upload for it. */
function told({ reply }: Ask, upload: Waiting): z.infer<typeof Upload> {
  reply.header('upload-offset', upload.received);
  return Upload.parse(upload);
}

async function putWhole(ask: Ask): Promise<unknown> {
  const { request, core, signal, limits } = ask;
  const { headers, query, raw } = request;
  const bytes = Number(headers['content-length'] ?? 0);
  if (bytes === 0) throw new Refusal('malformed', 'The length of the file must be said.', { status: 411 });
  if (headers['content-range'] !== undefined)
    throw new Refusal('malformed', 'An upload that is resumed begins with POST …/uploads.', { param: 'content-range' });
  const version = NewModelVersion.safeParse(ask.params['version']);
  if (!version.success)
    throw new Refusal('invalid_params', 'A version is semantic, such as 1.2.0, or `latest`.', { param: 'version' });
  const { alias, file } = Wishes.parse(query);
  const sha256 = announcedDigest(headers, query);
  const there = await alreadyThere(ask, version.data, sha256);
  if (there !== null) return there;
  const { upload } = await core('upload/start', {
    ...{ name: nameIn(ask), version: version.data, bytes },
    ...(sha256 !== undefined && { sha256 }),
    ...(file !== undefined && { fileName: file }),
    ...(alias !== undefined && { alias }),
  });
  try {
    await receive(raw, { path: upload.path, length: bytes, signal, idleMs: limits.idleMs });
    return await finish(ask, upload.id);
  } catch (thrown) {
    // Nobody was told its id, so nobody can go on with it. What failed by itself is gone already.
    await core('upload/cancel', { uploadId: upload.id }).catch(() => {});
    throw thrown;
  }
}

const text = z.string().max(255).optional().catch(undefined);
const Wishes = z.object({ alias: text, file: text });

async function appendRange(ask: Ask, cut: AbortSignal): Promise<void> {
  const { request, reply, signal, limits } = ask;
  const { path, received, bytes } = await show(ask);
  const header = request.headers['content-range'];
  const range = header === undefined ? { first: 0, last: bytes - 1, total: bytes } : contentRangeOf(header);
  if (range === null || range.total !== bytes)
    throw new Refusal('malformed', `The range is not one of the ${bytes} bytes.`, { param: 'content-range' });
  if (range.first === null) return;
  if (range.first !== received) {
    reply.header('upload-offset', received);
    throw new Refusal('conflict', `The next byte is number ${received}.`, { hint: 'Go on from there.' });
  }
  const length = range.last - range.first + 1;
  const said = request.headers['content-length'];
  if (said !== undefined && Number(said) !== length)
    throw new Refusal('malformed', `The range has ${length} bytes and the body ${said}.`, { param: 'content-range' });
  await receive(request.raw, { path, length, signal: AbortSignal.any([signal, cut]), idleMs: limits.idleMs });
}

/** A version that is there with these bytes needs no upload; one with others cannot be had. Null where it is not known. */
async function alreadyThere(ask: Ask<unknown>, version: string, sha256: string | undefined): Promise<Version | null> {
  if (sha256 === undefined) return null;
  const name = nameIn(ask);
  const { models } = await ask.core('model/list', {});
  if (!models.some((one) => one.name === name && (version === 'latest' || one.version === version))) return null;
  const { model } = await ask.core('model/show', { model: `${name}@${version}` });
  // Other content is the next version then.
  if (version === 'latest' && model.sha256 !== sha256) return null;
  if (model.sha256 !== sha256)
    throw new Refusal('conflict', `${model.name}@${version} is there already, with other content.`, {
      hint: 'A version never changes: choose another one, or `latest` for the next.',
    });
  return answer(ask, model, true);
}

async function finish(ask: Ask, uploadId: string): Promise<Version> {
  try {
    const { model, existed } = await ask.core('upload/finish', { uploadId });
    return await answer(ask, model, existed);
  } catch (thrown) {
    const { code, message, hint = '' } = OspainError.from(thrown);
    if (code !== 'content_differs') throw thrown;
    // The sender is at fault here, not a host that we asked.
    throw new Refusal(code, message, { status: 422, hint });
  }
}

async function answer({ core, reply }: Ask<unknown>, { name, version }: Model, existed: boolean): Promise<Version> {
  reply.code(existed ? 200 : 201).header('location', versionPath({ name, version }));
  return versionOf(await core('model/show', { model: `${name}@${version}` }));
}
