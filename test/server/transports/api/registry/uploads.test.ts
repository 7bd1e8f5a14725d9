import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type ApiServer, startApiServer } from '../../../../support/apiServer.ts';
import { writeRandomModel } from '../../../../support/gguf/randomModel.ts';
import { tempFolder } from '../../../../support/temp.ts';

describe('uploads to the registry', { timeout: 60_000 }, () => {
  const folder = tempFolder('uploads');
  let server: ApiServer;
  const model = (seed: number) => {
    const path = join(folder.path, `${seed}.gguf`);
    writeRandomModel(path, { seed, width: 128, layers: 2 });
    const bytes = readFileSync(path);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const open = (method: string, path: string, headers: RequestOptions['headers'] = {}) => {
    const authorization = `Bearer ${server.token}`;
    return request(`${server.api.url}${path}`, { method, headers: { authorization, ...headers } });
  };
  const ask = async (method: string, path: string, bytes?: Uint8Array | object, headers: object = {}) => {
    const isJson = bytes !== undefined && !(bytes instanceof Uint8Array);
    const body = isJson ? Buffer.from(JSON.stringify(bytes)) : bytes;
    const asked = open(method, path, { ...(isJson && { 'content-type': 'application/json' }), ...headers });
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const answer = await text(response);
    return {
      status: response.statusCode,
      headers: response.headers,
      body: (answer === '' ? null : JSON.parse(answer)) as {
        code?: string;
        version?: string;
        sha256?: string;
      } & Record<string, unknown>,
    };
  };
  const start = async (name: string, bytes: Buffer, more: object = {}) =>
    String((await ask('POST', `/models/${name}/uploads`, { bytes: bytes.length, ...more })).headers.location);
  const received = async (at: string) => Number((await ask('GET', at)).headers['upload-offset']);

  before(async () => {
    server = await startApiServer();
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('add a version in one request; `latest` is the next one', async () => {
    const [one, two] = [model(1), model(2)];
    const first = await ask('PUT', '/models/qwen_qwq/versions/latest?alias=best&file=qwq.gguf', one.bytes);
    assert.deepEqual(
      [first.status, first.headers.location, first.body.sha256],
      [201, '/models/qwen_qwq/versions/1.0.0', one.sha256],
    );
    assert.deepEqual(first.body['aliases'], ['best']);
    const digest = { 'repr-digest': `sha-256=:${Buffer.from(two.sha256, 'hex').toString('base64')}:` };
    const next = await ask('PUT', '/models/qwen_qwq/versions/latest', two.bytes, digest);
    assert.deepEqual([next.status, next.body.version], [201, '1.1.0']);
    const again = await ask('PUT', '/models/qwen_qwq/versions/1.0.0', one.bytes);
    assert.deepEqual([again.status, again.body.version], [200, '1.0.0']);
    const fetched = await server.fetch('/models/qwen_qwq/versions/best/download');
    assert.ok(Buffer.from(await fetched.arrayBuffer()).equals(one.bytes));
  });

  it('never change a version: other bytes are a conflict, known before they come or after', async () => {
    const three = model(3);
    for (const query of ['', `?sha256=${three.sha256}`]) {
      const other = await ask('PUT', `/models/qwen_qwq/versions/1.0.0${query}`, three.bytes);
      assert.deepEqual([other.status, other.body.code], [409, 'conflict'], query);
    }
    const begun = { bytes: three.bytes.length, version: '1.0.0', sha256: three.sha256 };
    assert.equal((await ask('POST', '/models/qwen_qwq/uploads', begun)).status, 409);
    const same = await ask('POST', '/models/qwen_qwq/uploads', { ...begun, sha256: model(1).sha256 });
    assert.deepEqual([same.status, same.body.version], [200, '1.0.0']);
  });

  it('keep nothing of bytes that are not what was announced, or no model', async () => {
    const four = model(4);
    const wrong = await ask('PUT', `/models/four/versions/1.0.0?sha256=${model(1).sha256}`, four.bytes);
    assert.deepEqual([wrong.status, wrong.body.code], [422, 'content_differs']);
    const junk = await ask('PUT', '/models/four/versions/1.0.0?file=four.gguf', Buffer.alloc(5000, 'junk'));
    assert.deepEqual([junk.status, junk.body.code], [422, 'model_unreadable']);
    assert.equal((await ask('GET', '/models/four')).status, 404);
  });

  it('go on after a broken connection, byte for byte', async () => {
    const { bytes, sha256 } = model(5);
    const at = await start('five', bytes, { sha256, version: '2.0.0-rc.1', alias: 'fifth' });
    const [third, half] = [Math.floor(bytes.length / 3), Math.floor(bytes.length / 2)];
    const cut = open('PUT', at, { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` });
    cut.on('error', () => {});
    cut.write(bytes.subarray(0, third));
    while ((await received(at)) < third) await setImmediate();
    cut.destroy();
    const begun = { sha256, version: '2.0.0-rc.1', alias: 'fifth' };
    assert.equal(await start('five', bytes, begun), at, 'who says the same again finds it again');
    assert.notEqual(await start('five', bytes, { ...begun, version: '2.0.0-rc.2' }), at);
    // The server may not have noticed yet; it is cut by whoever comes back.
    const range = (first: number, last: number) => ({ 'content-range': `bytes ${first}-${last}/${bytes.length}` });
    const more = await ask('PUT', at, bytes.subarray(third, half), range(third, half - 1));
    assert.deepEqual([more.status, more.headers['upload-offset']], [202, String(half)]);
    const gap = await ask('PUT', at, bytes.subarray(half + 1), range(half + 1, bytes.length - 1));
    assert.deepEqual([gap.status, gap.headers['upload-offset']], [409, String(half)]);
    const last = await ask('PUT', at, bytes.subarray(half), range(half, bytes.length - 1));
    assert.deepEqual([last.status, last.body.version, last.body.sha256], [201, '2.0.0-rc.1', sha256]);
    assert.equal((await ask('GET', at)).status, 404, 'it is over');
  });

  it('are cut by the same client on another connection', async () => {
    const { bytes } = model(6);
    const at = await start('six', bytes);
    const hanging = open('PUT', at, { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` });
    const broken = new Promise((resolve) => hanging.on('error', () => {}).once('close', resolve));
    hanging.write(bytes.subarray(0, 1000));
    while ((await received(at)) < 1000) await setImmediate();
    const rest = { 'content-range': `bytes 1000-${bytes.length - 1}/${bytes.length}` };
    assert.equal((await ask('PUT', at, bytes.subarray(1000), rest)).status, 201);
    await broken;
  });

  it('end when everything is there already, or are given up', async () => {
    const { bytes } = model(7);
    const at = await start('seven', bytes);
    const none = { 'content-range': `bytes */${bytes.length}` };
    assert.deepEqual((await ask('PUT', at, undefined, none)).status, 202);
    assert.equal((await ask('DELETE', at)).status, 204);
    assert.equal((await ask('DELETE', at)).status, 404);
    assert.equal((await ask('PUT', at, bytes)).status, 404);
  });

  it('refuse what cannot be', async () => {
    const { bytes } = model(8);
    const at = await start('eight', bytes);
    const range = (text: string) => ({ 'content-range': text });
    const cases: [ask: Parameters<typeof ask>, status: number][] = [
      [['PUT', '/models/..%2fx/versions/1.0.0', bytes], 400],
      [['PUT', '/models/x/versions/1', bytes], 400],
      [['PUT', '/models/x/versions/1.0.0?sha256=xyz', bytes], 400],
      [['PUT', '/models/x/versions/1.0.0?alias=..%2fx', bytes], 400],
      [['PUT', '/models/x/versions/1.0.0', undefined, { 'content-length': '0' }], 411],
      [['PUT', '/models/x/versions/1.0.0', bytes, range(`bytes 0-9/${bytes.length}`)], 400],
      [['PUT', '/models/x/versions/1.0.0', { a: 1 }], 415],
      [['POST', '/models/x/uploads', {}], 400],
      [['POST', '/models/x/uploads', { bytes: 0 }], 400],
      [['POST', '/models/x/uploads', { bytes: 2 ** 60 }], 400],
      [['POST', '/models/x/uploads', { bytes: 2 ** 52 }], 507],
      [['PUT', at, bytes, range('bytes 0-9/10')], 400],
      [['PUT', at, bytes, range(`bytes 0-9/${bytes.length}`)], 400],
      [['PUT', at, bytes, range('everything')], 400],
      [['GET', '/uploads/..%2f..%2fapi-token'], 404],
      [['GET', `/uploads/${'x'.repeat(65)}`], 400],
    ];
    for (const [args, status] of cases) {
      const answer = await ask(...args);
      assert.equal(answer.status, status, `${args[0]} ${args[1]}: ${JSON.stringify(answer.body)}`);
    }
    const chunked = open('PUT', at, { ...range(`bytes 0-9/${bytes.length}`), 'transfer-encoding': 'chunked' });
    chunked.on('error', () => {});
    chunked.end(bytes.subarray(0, 11));
    const [response] = (await once(chunked, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 400);
    assert.equal(await received(at), 0, 'of a body that is too long nothing is taken');
    assert.equal((await ask('GET', '/models/x')).status, 404);
  });

  it('say whether they are wanted before the bytes are sent', async () => {
    const headers = { expect: '100-continue', 'content-length': 10 ** 9, authorization: 'Bearer wrong' };
    const asked = open('PUT', '/models/nine/versions/1.0.0', headers);
    let wanted = false;
    asked.on('continue', () => {
      wanted = true;
    });
    asked.flushHeaders();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    assert.deepEqual([response.statusCode, wanted], [401, false]);
    asked.on('error', () => {});
    asked.destroy();
    const { bytes } = model(9);
    const good = open('PUT', '/models/nine/versions/1.0.0', { expect: '100-continue', 'content-length': bytes.length });
    good.flushHeaders();
    await once(good, 'continue');
    good.end(bytes);
    const [made] = (await once(good, 'response')) as [IncomingMessage];
    assert.equal(made.statusCode, 201);
    made.resume();
  });
});
