import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { OspainError, SIGNED_OUT, TOO_SLOW } from '../../../../../protocol/index.ts';
import { createMemory } from '../../../../contract/memory.ts';
import { type ServedApi, serveApi } from '../serveApi.ts';
import { openSocket, refusalOf, type SocketOptions } from './socket.ts';

const lineOf = ({ api }: ServedApi) => `${api.url}/hub/line`;

const open = async (served: ServedApi, options: SocketOptions = {}) =>
  openSocket(lineOf(served), { origin: served.api.url, headers: await served.enter(), ...options });

describe('the line of a hub in a browser', { timeout: 60_000 }, () => {
  it('is refused to who was not let in, and to pages of others', async () => {
    await using served = await serveApi();
    const browser = await served.enter();
    const { cookie } = browser;
    const origin = served.api.url;
    const line = lineOf(served);
    assert.equal(await refusalOf(line, { origin, headers: browser }), 101);
    const cases: [why: string, options: Parameters<typeof refusalOf>[1], status: number][] = [
      ['no cookie', { origin }, 401],
      ['a cookie that another server at this host was sent', { origin, headers: { cookie } }, 401],
      ['a wrong one', { origin, headers: { ...browser, cookie: cookie.replace(/=.*/, `=${'x'.repeat(43)}`) } }, 401],
      [
        'the cookie of another port',
        { origin, headers: { ...browser, cookie: cookie.replace(/^ospain2-\d+/, 'ospain2-1') } },
        401,
      ],
      ['the token, which is for programs', { origin, headers: { authorization: `Bearer ${served.token}` } }, 401],
      ['a page of another site', { origin: 'http://evil.test', headers: browser }, 403],
      ['a page of another port', { origin: `http://127.0.0.1:${served.api.port + 1}`, headers: browser }, 403],
      ['a page of another name', { origin: `http://localhost:${served.api.port}`, headers: browser }, 403],
      ['a page that does not say where it is from', { headers: browser }, 403],
      ['a page in a frame', { origin: 'null', headers: browser }, 403],
      [
        'a page of a name that leads here',
        { origin, headers: { ...browser, host: `evil.test:${served.api.port}` } },
        421,
      ],
      ['what says that it is of elsewhere', { origin, headers: { ...browser, 'sec-fetch-site': 'same-site' } }, 403],
    ];
    for (const [why, options, status] of cases) assert.equal(await refusalOf(line, options), status, why);
    assert.equal(await refusalOf(`${origin}/v1/models`, { origin, headers: browser }), 401);
    assert.equal(await refusalOf(`${origin}/nothing`, { origin, headers: browser }), 401);
  });

  it('answers frames, and tells what happens', async () => {
    const memory = createMemory();
    await using served = await serveApi({ memory });
    await using line = await open(served);
    line.send({ id: 1, method: 'task/submit', params: { instruction: 'Tidy up.' } });
    const frames = [await line.next(), await line.next(), await line.next()] as Record<string, unknown>[];
    assert.deepEqual(
      frames.map(({ method, id }) => method ?? id),
      ['task/didEvent', 'task/didChange', 1],
    );
    line.send({ id: 2, method: 'task/show', params: { taskId: '9' } });
    const { error } = (await line.next()) as { error: object };
    assert.deepEqual(error, { code: 'not_found', message: 'There is no task 9.', hint: 'List the tasks.' });
    line.send({ id: 3, method: 'queue/show' });
    assert.deepEqual(await line.next(), { id: 3, result: { paused: false, counts: {} } });
  });

  it('gives a request up that is called off, and all when the hub hangs up', async () => {
    const signals: AbortSignal[] = [];
    const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await using served = await serveApi({
      dispatch: (_method, _params, { signal } = {}) =>
        new Promise((resolve) => {
          signal?.addEventListener('abort', () =>
            resolve({ ok: false, error: OspainError.from(signal.reason).toWire() }),
          );
          if (signal) signals.push(signal);
          asked[signals.length - 1]?.resolve();
        }),
    });
    const line = await open(served);
    line.send({ id: 1, method: 'task/list', params: {} });
    line.send({ id: 2, method: 'task/list', params: {} });
    await Promise.all(asked.map(({ promise }) => promise));
    line.send({ id: 1, cancel: true });
    assert.deepEqual(await line.next(), {
      id: 1,
      error: { code: 'cancelled', message: 'The request was called off.' },
    });
    const [, other] = signals;
    assert.ok(other && !other.aborted);
    const aborted = once(other, 'abort');
    await line[Symbol.asyncDispose]();
    await aborted;
  });

  it('says that a frame is none, where it says which request it is, and hangs up else', async () => {
    await using served = await serveApi();
    await using line = await open(served);
    for (const frame of [
      { id: 1 },
      { id: 1, method: 5 },
      { id: 1, method: 'task/list', params: {}, more: 1 },
      { id: 1, cancel: false },
    ]) {
      line.send(frame);
      const { id, error } = (await line.next()) as { id: number; error: { code: string } };
      assert.deepEqual([id, error.code], [1, 'malformed'], JSON.stringify(frame));
    }
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '7',
      '{"id":0,"method":"task/list"}',
      '{"id":-1}',
      '{"id":1.5}',
      '{"id":"1"}',
    ]) {
      await using other = await open(served);
      other.send(text);
      assert.equal(await other.closed, 1007, text);
    }
    await using bytes = await open(served);
    bytes.socket.send(Buffer.from('{"id":1,"method":"task/list","params":{}}'));
    assert.equal(await bytes.closed, 1003);
    line.send({ id: 2, method: 'queue/show', params: {} });
    assert.equal(((await line.next()) as { id: number }).id, 2, 'others go on');
  });

  it('hangs up on a frame that is too large', async () => {
    await using served = await serveApi({ limits: { bodyBytes: 1000 } });
    await using line = await open(served);
    line.send({ id: 1, method: 'task/list', params: { text: 'x'.repeat(1000) } });
    assert.equal(await line.closed, 1009);
  });

  it('takes so many requests at one time, so many hubs, and no id twice', async () => {
    const never = () => new Promise<never>(() => {});
    await using served = await serveApi({ dispatch: never, limits: { lines: 2, lineRequests: 2 } });
    await using one = await open(served);
    for (const id of [1, 2, 3]) one.send({ id, method: 'task/list', params: {} });
    const { id, error } = (await one.next()) as { id: number; error: { code: string } };
    assert.deepEqual([id, error.code], [3, 'unavailable']);
    await using _two = await open(served);
    await using three = await open(served);
    assert.equal(await three.closed, 1013);
    one.send({ id: 1, method: 'task/list', params: {} });
    assert.equal(await one.closed, 1007);
  });

  it('closes a hub that does not read with a code, and nobody else', async () => {
    const memory = createMemory();
    await using served = await serveApi({ memory, limits: { lineBufferBytes: 100_000 } });
    await using slow = await open(served);
    await using quick = await open(served);
    slow.socket.pause();
    const message = 'x'.repeat(1_000_000);
    // More than the system itself holds back for a reader.
    for (let turn = 0; turn < 30; turn++) {
      memory.notify({ method: 'server/didLog', params: { level: 'info', message } });
      await quick.next();
    }
    slow.socket.resume();
    assert.equal(await slow.closed, TOO_SLOW);
    memory.notify({ method: 'server/didLog', params: { level: 'info', message: 'still there' } });
    assert.match(JSON.stringify(await quick.next()), /still there/);
  });

  it('ends with its session, and with the API', async () => {
    let time = Date.now();
    await using served = await serveApi({ now: () => time, limits: { heartbeatMs: 20 } });
    await using signedOut = await open(served);
    assert.equal(await served.carrier.signOutHubs(), 1);
    assert.equal(await signedOut.closed, SIGNED_OUT);
    await using expired = await open(served);
    time += 31 * 24 * 60 * 60 * 1000;
    assert.equal(await expired.closed, SIGNED_OUT);
    await using stopped = await open(served);
    await served.carrier.stop();
    assert.equal(await stopped.closed, 1001);
  });

  it('is cut when nobody answers at its other end', async () => {
    await using served = await serveApi({ limits: { heartbeatMs: 50 } });
    await using dead = await open(served, { mute: true });
    assert.equal(await dead.closed, 1006);
  });

  it('does not keep the API from stopping when the hub does not hang up', async () => {
    const served = await serveApi();
    const line = await open(served);
    line.socket.pause();
    await served[Symbol.asyncDispose]();
    line.socket.resume();
    await line.closed;
  });
});

describe('a request that offers another protocol', { timeout: 60_000 }, () => {
  it('is answered as if it had not, with its body', async () => {
    await using served = await serveApi();
    const head = `Host: 127.0.0.1:${served.api.port}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n`;
    const last = `GET /health HTTP/1.1\r\nHost: 127.0.0.1:${served.api.port}\r\nConnection: close\r\n\r\n`;
    const plain = await served.raw(`GET /health HTTP/1.1\r\n${head}\r\n${last}`);
    assert.equal(plain.match(/HTTP\/1\.1 200/g)?.length, 2);
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello.' }] });
    const posted = await served.raw(
      `POST /v1/chat/completions HTTP/1.1\r\n${head}Authorization: Bearer ${served.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}${last}`,
    );
    assert.deepEqual(posted.match(/HTTP\/1\.1 \d{3}/g), ['HTTP/1.1 404', 'HTTP/1.1 200']);
    assert.match(posted, /model_not_found/);
  });
});
