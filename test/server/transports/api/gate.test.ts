import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { methods } from '../../../../protocol/index.ts';
import { createRoutes } from '../../../../server/transports/api/routeTable.ts';
import { createEndpoint } from '../../../../server/transports/mcp/endpoint.ts';
import { createProductOffer } from '../../../../server/transports/mcp/productOffer.ts';
import { createMemory } from '../../../contract/memory.ts';
import { type ServedApi, serveApi, statusOf } from './serveApi.ts';

const memory = createMemory();
const mcp = createEndpoint({ offer: createProductOffer(memory, { decides: false }) });
const routes = createRoutes({ mcp, served: memory });

describe('the gate of the API', { timeout: 60_000 }, () => {
  let served: ServedApi;
  before(async () => {
    served = await serveApi({ limits: { bodyBytes: 10_000 } });
  });
  after(() => served[Symbol.asyncDispose]());

  const get = async (path: string, headers: readonly string[]) =>
    statusOf(await served.raw([`GET ${path} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n')));
  const here = () => `Host: 127.0.0.1:${served.api.port}`;
  const key = () => `Authorization: Bearer ${served.token}`;

  it('answers nobody without its token, on every route but one', async () => {
    for (const { method, path, entry } of routes) {
      const url = `${served.api.url}${path.replace(/\{\w+\}/g, 'x')}`;
      for (const authorization of [undefined, 'Bearer wrong', `Bearer ${served.token}x`, `Basic ${served.token}`, ''])
        assert.equal(
          (await fetch(url, { method, headers: authorization === undefined ? {} : { authorization } })).status,
          entry === 'anyone' ? 200 : 401,
          `${method} ${path} with ${authorization}`,
        );
    }
    assert.equal((await fetch(`${served.api.url}/no/such/route`)).status, 401);
    assert.equal((await fetch(`${served.api.url}/v1/models?token=${served.token}`)).status, 401);
    assert.equal((await served.fetch('/v1/models')).status, 200);
  });

  it('says in both shapes that a token is needed, and not what it is', async () => {
    const theirs = await fetch(`${served.api.url}/v1/models`);
    assert.equal(theirs.headers.get('www-authenticate'), 'Bearer');
    const { error } = (await theirs.json()) as { error: { code: string; type: string } };
    assert.deepEqual([error.code, error.type], ['invalid_api_key', 'invalid_request_error']);
    const ours = (await (await fetch(`${served.api.url}/openapi.json`)).json()) as { code: string };
    assert.equal(ours.code, 'unauthorized');
    assert.ok(!JSON.stringify([error, ours]).includes(served.token));
  });

  it('takes only hosts that are this machine at this port', async () => {
    const { port } = served.api;
    for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      assert.equal(await get('/health', [`Host: ${host}`]), 200, host);
    const foreign = [
      `evil.test:${port}`,
      `localhost.evil.test:${port}`,
      `127.0.0.1.evil.test:${port}`,
      `localhost:${port + 1}`,
      'localhost',
      `${hostname()}:${port}`,
      `127.1:${port}`,
      `user@localhost:${port}`,
      `localhost:${port}, evil.test`,
      '',
    ];
    for (const host of foreign) {
      assert.equal(await get('/health', [`Host: ${host}`]), 421, host);
      assert.equal(await get('/v1/models', [`Host: ${host}`, key()]), 421, host);
    }
    assert.equal(await get('/health', [here(), 'Host: evil.test']), 421);
    assert.equal(statusOf(await served.raw('GET /health HTTP/1.0\r\n\r\n')), 421);
  });

  it('refuses pages of other sites, and never lets one read', async () => {
    const foreign = [
      'Origin: http://evil.test',
      'Origin: null',
      `Origin: http://localhost:${served.api.port + 1}`,
      `Origin: https://127.0.0.1:${served.api.port}`,
      'Origin: vscode-webview://1',
      'Sec-Fetch-Site: cross-site',
      'Sec-Fetch-Site: same-site',
    ];
    for (const header of foreign) assert.equal(await get('/v1/models', [here(), key(), header]), 403, header);
    for (const header of [`Origin: http://127.0.0.1:${served.api.port}`, 'Sec-Fetch-Site: same-origin'])
      assert.equal(await get('/v1/models', [here(), key(), header]), 200, header);
    const preflight = await fetch(`${served.api.url}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.test', 'access-control-request-method': 'POST' },
    });
    assert.equal(preflight.status, 403);
    assert.deepEqual(
      [...preflight.headers.keys()].filter((name) => name.startsWith('access-control')),
      [],
    );
  });

  it('leads to no method of the protocol and to no file', async () => {
    for (const method of Object.keys(methods))
      assert.equal((await served.post(`/v1/${method}`, {})).status, 404, method);
    const paths = [
      '/../api-token',
      '/%2e%2e/api-token',
      '/v1/models/..%2f..%2fapi-token',
      '/v1/models/%00',
      '//etc/passwd',
    ];
    for (const path of paths) assert.equal(await get(path, [here(), key()]), 404, path);
    assert.equal(await get('/v1/models/%zz', [here(), key()]), 400);
    assert.equal(await get(`http://evil.test/v1/models`, [here(), key()]), 421);
  });

  it('refuses bodies that are too large, of another type or no JSON', async () => {
    const chat = '/v1/chat/completions';
    const send = (body: string, type: string | null) =>
      served.fetch(chat, {
        method: 'POST',
        body: Buffer.from(body),
        headers: type === null ? {} : { 'content-type': type },
      });
    const code = async (response: Response) => [
      response.status,
      ((await response.json()) as { error: { type: string } }).error.type,
    ];
    const large = JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(10_000) }] });
    assert.deepEqual(await code(await send(large, 'application/json')), [413, 'invalid_request_error']);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
      null,
    ])
      assert.deepEqual(await code(await send('{}', type)), [415, 'invalid_request_error'], String(type));
    for (const body of ['', '{', 'null', '[]', '7', '{"__proto__":{"x":1}}', `${'['.repeat(5000)}`])
      assert.deepEqual(await code(await send(body, 'application/json')), [400, 'invalid_request_error'], body);
    const allowed = await served.fetch(chat, {
      method: 'PUT',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    assert.deepEqual([allowed.status, allowed.headers.get('allow')], [405, 'POST']);
  });

  it('answers junk with an error, and lives', async () => {
    const head = `POST /v1/chat/completions HTTP/1.1\r\n${here()}\r\n${key()}\r\nContent-Type: application/json\r\n`;
    const cases: [bytes: string, status: number][] = [
      ['\0\0\0\0\r\n\r\n', 400],
      ['hello\r\n\r\n', 400],
      [`${head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`, 400],
      [`${head}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`, 400],
      [`${head}Content-Length: -1\r\n\r\n`, 400],
      [`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 400],
      [
        `${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${'2711\r\n'.concat('x'.repeat(10_001))}\r\n0\r\n\r\n`,
        413,
      ],
      [`GET /health HTTP/1.1\r\n${here()}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ];
    for (const [bytes, status] of cases) {
      const answer = await served.raw(bytes);
      assert.equal(statusOf(answer), status, bytes.slice(-60));
      assert.doesNotMatch(answer, / at .*\.ts|node_modules/, 'no stack');
      assert.equal((await served.fetch('/v1/models')).status, 200);
    }
  });

  it('says nothing of the inside when that fails', async () => {
    const secret = '/home/person/.local/share/ospain2/x.db';
    const dispatch = async () => ({
      ok: false as const,
      error: {
        code: 'storage_corrupt' as const,
        message: `The database ${secret} is damaged.`,
        hint: secret,
        cause: secret,
      },
    });
    await using broken = await serveApi({ dispatch });
    const answer = await broken.fetch('/v1/models');
    assert.equal(answer.status, 500);
    assert.doesNotMatch(await answer.text(), /person/);
  });
});

describe('the time of the API', { timeout: 60_000 }, () => {
  it('ends connections that send no headers, or no body, in time', async () => {
    await using served = await serveApi({ limits: { headersMs: 200, bodyMs: 200 } });
    const head = `Host: 127.0.0.1:${served.api.port}\r\nAuthorization: Bearer ${served.token}\r\n`;
    assert.equal(statusOf(await served.raw('GET /health HTTP/1.1\r\nX: ')), 408);
    const body = `POST /v1/chat/completions HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"me`;
    assert.equal(statusOf(await served.raw(body)), 408);
    assert.equal((await served.fetch('/v1/models')).status, 200);
  });

  it('takes only so many connections', async () => {
    await using served = await serveApi({ limits: { connections: 2, headersMs: 500 } });
    const waiting = [served.raw('GET'), served.raw('GET')];
    assert.equal(await served.raw(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${served.api.port}\r\n\r\n`), '');
    await Promise.all(waiting);
    assert.equal((await fetch(`${served.api.url}/health`)).status, 200);
  });
});
