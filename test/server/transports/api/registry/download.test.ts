import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ApiServer, startApiServer } from '../../../../support/apiServer.ts';
import { writeRandomModel } from '../../../../support/gguf/randomModel.ts';
import { tempFolder } from '../../../../support/temp.ts';

describe('downloads from the registry', { timeout: 60_000 }, () => {
  const folder = tempFolder('download');
  const path = join(folder.path, 'tiny.gguf');
  let server: ApiServer;
  let bytes: Buffer;
  let tag: string;
  const get = (headers: Record<string, string> = {}, ref = '1.0.0', method = 'GET') =>
    server.fetch(`/models/tiny/versions/${ref}/download`, { method, headers });
  const body = async (response: Response) => Buffer.from(await response.arrayBuffer());

  before(async () => {
    writeRandomModel(path, { width: 256, layers: 4 });
    bytes = readFileSync(path);
    tag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
    server = await startApiServer();
    await server.client.request('model/import', { path, name: 'tiny' });
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('send the file whole, under the name of its content', async () => {
    for (const ref of ['1.0.0', 'latest']) {
      const response = await get({}, ref);
      assert.deepEqual(
        ['etag', 'content-length', 'accept-ranges', 'content-type', 'content-disposition', 'repr-digest'].map((name) =>
          response.headers.get(name),
        ),
        [
          tag,
          String(bytes.length),
          'bytes',
          'application/octet-stream',
          "attachment; filename*=UTF-8''tiny.gguf",
          `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
        ],
      );
      assert.ok((await body(response)).equals(bytes));
    }
    const head = await get({}, '1.0.0', 'HEAD');
    assert.deepEqual(
      [head.status, head.headers.get('etag'), head.headers.get('content-length')],
      [200, tag, String(bytes.length)],
    );
    assert.equal((await body(head)).length, 0);
    assert.equal((await get({ 'if-none-match': tag })).status, 304);
    assert.equal((await get({ 'if-none-match': '"other"' })).status, 200);
  });

  it('send a range of it, and go on where a client was cut', async () => {
    const size = bytes.length;
    for (const [range, first, last] of [
      ['bytes=0-9', 0, 9],
      ['bytes=100-', 100, size - 1],
      ['bytes=-7', size - 7, size - 1],
    ] as const) {
      const response = await get({ range });
      assert.deepEqual(
        [response.status, response.headers.get('content-range')],
        [206, `bytes ${first}-${last}/${size}`],
      );
      assert.ok((await body(response)).equals(bytes.subarray(first, last + 1)), range);
    }
    const beyond = await get({ range: `bytes=${size}-` });
    assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${size}`]);
    assert.equal((await get({ range: 'bytes=0-9', 'if-range': tag })).status, 206);
    const other = await get({ range: 'bytes=0-9', 'if-range': '"of another version"' });
    assert.deepEqual([other.status, (await body(other)).length], [200, size]);
    assert.equal((await get({ range: 'bytes=0-1,4-5' })).status, 200);
  });

  it('say what is not there, and send nothing under a hash that is not its own', async () => {
    assert.equal((await get({}, '9.9.9')).status, 404);
    assert.equal((await server.fetch('/models/tiny/versions/1.0.0/download?file=../api-token')).status, 404);
    assert.equal((await server.fetch('/models/tiny/versions/1.0.0/download?file=tiny.gguf')).status, 200);
    assert.equal((await server.fetch('/models/..%2ftiny/versions/1.0.0/download')).status, 400);
    const { files } = await server.client.request('model/show', { model: 'tiny' });
    truncateSync(files[0]?.path ?? '', bytes.length - 1);
    assert.equal((await get()).status, 404);
  });
});
