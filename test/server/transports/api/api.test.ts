import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { describe, it } from 'node:test';
import { OspainError } from '../../../../protocol/index.ts';
import { serveApi, statusOf } from './serveApi.ts';

const isCode = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof OspainError && error.code === code && words.test(error.message);

describe('the carrier of the API', { timeout: 60_000 }, () => {
  it('is there once, says where, and goes', async () => {
    await using served = await serveApi();
    const { carrier, api, changes } = served;
    assert.deepEqual(carrier.show(), api);
    assert.equal(api.url, `http://127.0.0.1:${api.port}`);
    assert.deepEqual([api.lan, api.addresses], [false, []]);
    assert.equal(await carrier.start({ port: api.port, lan: false }), api);
    assert.equal(await carrier.start({ port: 0, lan: false }), api);
    await assert.rejects(
      carrier.start({ port: api.port, lan: true }),
      isCode('wrong_state', /served already, at http/),
    );
    await carrier.stop();
    await carrier.stop();
    assert.deepEqual([carrier.show(), changes], [null, [api, null]]);
    await assert.rejects(served.fetch('/health'));
    const again = await Promise.all([carrier.start({ port: 0, lan: false }), carrier.start({ port: 0, lan: false })]);
    assert.equal(again[0], again[1]);
  });

  it('says that a port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await assert.rejects(serveApi({ port }), isCode('conflict', new RegExp(`^Port ${port} is taken`)));
    other.close();
    await once(other, 'close');
    await using served = await serveApi({ port });
    assert.equal(served.api.port, port);
  });

  it('is bound to loopback, of both families', async () => {
    await using served = await serveApi();
    const ask = `GET /health HTTP/1.1\r\nHost: localhost:${served.api.port}\r\nConnection: close\r\n\r\n`;
    assert.equal(statusOf(await served.raw(ask, '127.0.0.1')), 200);
    // A machine without IPv6 has nobody there, and nobody else may be.
    assert.ok([0, 200].includes(statusOf(await served.raw(ask, '::1'))));
    // All of 127.0.0.0/8 is this machine; only one address of it is ours.
    if (process.platform === 'linux') assert.equal(await served.raw(ask, '127.0.0.2'), '');
    assert.deepEqual(served.warnings, []);
  });

  it('opens to other machines only when told to, and says so', async () => {
    await using served = await serveApi({ lan: true });
    const { api, warnings } = served;
    assert.equal(api.lan, true);
    for (const address of api.addresses) {
      assert.equal((await fetch(`${address}/health`)).status, 200, address);
      assert.equal((await fetch(`${address}/v1/models`)).status, 401, address);
    }
    assert.equal(warnings.length, 1);
    assert.ok(warnings[0]?.includes([api.url, ...api.addresses].join(', ')));
    const host = (name: string) => `GET /health HTTP/1.1\r\nHost: ${name}:${api.port}\r\nConnection: close\r\n\r\n`;
    assert.equal(statusOf(await served.raw(host(hostname()))), 200);
    assert.equal(statusOf(await served.raw(host('evil.test'))), 421);
  });

  it('lets a request end, but not for ever, when it stops', async () => {
    const asked = Promise.withResolvers<void>();
    await using served = await serveApi({
      dispatch: (_method, _params, { signal } = {}) => {
        asked.resolve();
        return new Promise((resolve) => {
          const error = new OspainError('cancelled', 'The client hung up.').toWire();
          signal?.addEventListener('abort', () => resolve({ ok: false, error }));
        });
      },
    });
    const answer = served.fetch('/v1/models').catch((error: Error) => error);
    await asked.promise;
    await served.carrier.stop();
    assert.ok((await answer) instanceof Error);
  });
});
