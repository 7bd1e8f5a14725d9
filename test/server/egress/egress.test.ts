import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createActors } from '../../../server/audit/actors.ts';
import { createAuditLog, type Happened } from '../../../server/audit/auditLog.ts';
import { createEgress, type Fetch } from '../../../server/egress/egress.ts';
import type { Resolve } from '../../../server/egress/localLookup.ts';
import { createEgressLog, EGRESS_TABLE } from '../../../server/egress/log.ts';
import { createLog } from '../../../server/log.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { certificate } from '../../support/certificate.ts';
import { type LoopbackServer, loopbackServer } from '../../support/loopback.ts';
import { tempFolder } from '../../support/temp.ts';
import { egressBench } from './workbench.ts';

const KEY = '0123456789abcdef'.repeat(6);
const hello = () => loopbackServer((_, response) => response.end('hello'));
const read = async (fetch: Fetch, url: string) => text((await fetch(new URL(url))).body);
/** A server that sends everybody on to an address. */
const sender = (to: (path: string) => string) =>
  loopbackServer((request, response) => response.writeHead(302, { location: to(request.url ?? '') }).end());

describe('egress', () => {
  it('fetches from a host that was agreed to, and records the connection with its traffic', async () => {
    await using server = await hello();
    const { egress, made, lines } = egressBench();
    const action = { purpose: 'pull a', hosts: [server.host] };
    const got = await egress.during(action, (fetch) => read(fetch, `${server.origin}/a?secret=1`));
    assert.equal(got, 'hello');
    const [{ sent, received, ...connection } = {}, ...more] = made;
    assert.deepEqual(connection, { at: 1000, host: '127.0.0.1', port: server.port, purpose: 'pull a' });
    assert.ok(Number(sent) > 50 && Number(received) > 50, `${sent} out, ${received} in`);
    assert.deepEqual(more, []);
    assert.deepEqual(lines, [`info egress: pull a: ${server.host}, ${sent} bytes out, ${received} bytes in`]);
  });

  it('connects nowhere else, and says so', async () => {
    await using server = await hello();
    const { egress, made, lines, told } = egressBench();
    for (const hosts of [[], ['127.0.0.1'], ['localhost', '*.0.0.1'], [`127.0.0.1:${server.port + 1}`]])
      await assert.rejects(
        egress.during({ purpose: 'x', hosts, allow: () => true }, (fetch) => read(fetch, server.origin)),
        { code: 'egress_refused', message: new RegExp(`${server.host} was not agreed to`) },
      );
    assert.deepEqual(made, []);
    assert.equal(server.requests.length, 0);
    assert.match(lines[0] ?? '', /^warn egress: x: refused/);
    assert.deepEqual(told, Array(4).fill({ type: 'egress.refused', subject: server.host, details: { purpose: 'x' } }));
  });

  it('makes no connection that cannot be recorded', async () => {
    await using server = await hello();
    const record = () => {
      throw new Error('no room for a row');
    };
    const egress = createEgress({ audit() {}, log: createLog(() => {}), now: Date.now, record });
    await assert.rejects(
      egress.during({ purpose: 'x', hosts: [server.host] }, (fetch) => read(fetch, server.origin)),
      /no room for a row/,
    );
    assert.equal(server.requests.length, 0);
  });

  it('ends every connection with its action', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    await using server = await loopbackServer((request, response) => {
      response.write('the first bytes');
      request.socket.once('close', resolve);
    });
    const { egress, made } = egressBench();
    let kept: Fetch | undefined;
    const body = await egress.during({ purpose: 'x', hosts: [server.host] }, async (fetch) => {
      kept = fetch;
      const response = await fetch(new URL(server.origin));
      await once(response.body, 'data');
      return response.body;
    });
    await gone;
    assert.ok(body.destroyed);
    assert.ok(made[0]?.received !== undefined, 'its traffic is known when the action is over');
    await assert.rejects(async () => kept?.(new URL(server.origin)), { code: 'egress_refused', message: /is over/ });
    assert.equal(made.length, 1);
  });

  it('stops when the person cancels, before and during a body', async () => {
    await using server = await loopbackServer((_, response) => response.write('the first bytes'));
    const { egress } = egressBench();
    const cancel = new AbortController();
    const action = { purpose: 'x', hosts: [server.host], signal: cancel.signal };
    await egress.during(action, async (fetch) => {
      const { body } = await fetch(new URL(server.origin));
      const ended = assert.rejects(text(body));
      cancel.abort();
      await ended;
    });
    await assert.rejects(
      egress.during(action, (fetch) => read(fetch, server.origin)),
      { code: 'cancelled' },
    );
    assert.equal(server.requests.length, 1);
  });

  it('says what is wrong with a host that does not answer', async () => {
    const server = await hello();
    await server[Symbol.asyncDispose]();
    const { egress, made } = egressBench();
    await assert.rejects(
      egress.during({ purpose: 'x', hosts: [server.host] }, (fetch) => read(fetch, server.origin)),
      { code: 'fetch_failed', message: /127\.0\.0\.1 takes no connection/ },
    );
    assert.deepEqual([made[0]?.sent, made[0]?.received], [0, 0], 'an attempt is on record too');
  });

  it('looks at where a name of this network leads', async () => {
    await using server = await hello();
    const { egress } = egressBench();
    const host = `localhost:${server.port}`;
    const reading = egress.during({ purpose: 'x', hosts: [host] }, (fetch) => read(fetch, `http://${host}`));
    assert.equal(await reading, 'hello');
    for (const addresses of [[], ['8.8.8.8'], ['127.0.0.1', '8.8.8.8']]) {
      const resolve: Resolve = (_, __, callback) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        );
      const action = { purpose: 'x', hosts: [`nas.local:${server.port}`] };
      await assert.rejects(
        egressBench(resolve).egress.during(action, (fetch) => read(fetch, `http://nas.local:${server.port}`)),
        { code: 'egress_refused', message: /nas\.local is beyond this network/ },
        addresses.join(),
      );
    }
    assert.equal(server.requests.length, 1);
  });

  it('refuses addresses that are no web addresses, hold a password, or are plain and far away', async () => {
    const { egress, made } = egressBench();
    const refused: [string, RegExp][] = [
      ['ftp://a.example/x', /no web address/],
      ['file:///etc/passwd', /no web address/],
      ['https://me:hunter2@a.example/x', /^https:\/\/a\.example\/x holds a password/],
      ['http://8.8.8.8/x?token=hunter2', /^http:\/\/8\.8\.8\.8\/x is beyond this network/],
      ['http://[2001:db8::1]/x', /beyond this network/],
      ['http://[::ffff:8.8.8.8]/x', /beyond this network/],
      ['http://0.0.0.0/x', /beyond this network/],
    ];
    for (const [url, message] of refused)
      await assert.rejects(
        egress.during({ purpose: 'x', hosts: [new URL(url).host, `${new URL(url).host}:80`] }, (fetch) =>
          read(fetch, url),
        ),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'egress_refused', url);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /hunter2/);
          return true;
        },
      );
    assert.deepEqual(made, []);
  });
});

describe('https', () => {
  it('reaches a host that proves who it is, and tells no other one anything', async () => {
    const { key, cert } = certificate('localhost');
    await using server = await loopbackServer((_, response) => response.end('hello'), { key, cert });
    const { egress } = egressBench();
    const url = `https://localhost:${server.port}`;
    const action = { purpose: 'x', hosts: [`localhost:${server.port}`, server.host] };
    const get = (address: string) => egress.during(action, (fetch) => read(fetch, address));
    const unproven = { code: 'egress_refused', message: /did not prove who it is/ };
    await assert.rejects(get(url), unproven);
    const before = getCACertificates('default');
    setDefaultCACertificates([cert]);
    try {
      assert.equal(await get(url), 'hello');
      await assert.rejects(get(`https://${server.host}`), unproven, 'the certificate is for another name');
    } finally {
      setDefaultCACertificates(before);
    }
    assert.equal(server.requests.length, 1);
  });
});

describe('a redirect', () => {
  const sendOn = async (
    allow: ((host: string) => boolean) | undefined,
    work: (target: LoopbackServer, start: LoopbackServer, fetch: Fetch, told: readonly Happened[]) => Promise<void>,
  ) => {
    await using target = await hello();
    await using start = await sender((path) => `${target.origin}${path}`);
    const { egress, told } = egressBench();
    const action = { purpose: 'x', hosts: [start.host], ...(allow && { allow }) };
    await egress.during(action, (fetch) => work(target, start, fetch, told));
  };

  it('to another host is refused, unless the person says otherwise, once', async () => {
    const asked: string[] = [];
    const deny = (host: string) => asked.push(host) < 0;
    for (const allow of [undefined, deny])
      await sendOn(allow, async (target, start, fetch) => {
        for (let again = 0; again < 2; again++)
          await assert.rejects(read(fetch, start.origin), {
            code: 'egress_refused',
            message: `${start.host} leads to ${target.host}, which was not agreed to.`,
          });
        assert.equal(target.requests.length, 0);
      });
    assert.equal(asked.length, 1);
    await sendOn(
      (host) => asked.push(host) > 0,
      async (target, start, fetch, told) => {
        assert.equal(await read(fetch, start.origin), 'hello');
        assert.equal(await read(fetch, `${start.origin}/b`), 'hello');
        assert.deepEqual(asked.slice(1), [target.host]);
        assert.deepEqual(told, [{ type: 'egress.allowed', subject: target.host, details: { purpose: 'x' } }]);
      },
    );
  });

  it('takes no secret along to another origin', async () => {
    await sendOn(
      () => true,
      async (target, start, fetch) => {
        const headers = { Authorization: 'Bearer hf_secret', range: 'bytes=1-' };
        await text((await fetch(new URL(start.origin), { headers })).body);
        assert.equal(start.requests[0]?.headers.authorization, 'Bearer hf_secret');
        assert.equal(target.requests[0]?.headers.authorization, undefined);
        assert.equal(target.requests[0]?.headers.range, 'bytes=1-');
      },
    );
  });

  it('keeps it on the way to another page of the same origin', async () => {
    await using server = await loopbackServer((request, response, nth) =>
      nth === 0 ? response.writeHead(307, { location: '/b' }).end() : response.end(request.headers.authorization),
    );
    const { egress, made } = egressBench();
    const got = await egress.during({ purpose: 'x', hosts: [server.host] }, async (fetch) =>
      text((await fetch(new URL(server.origin), { headers: { authorization: 'Bearer me' } })).body),
    );
    assert.equal(got, 'Bearer me');
    assert.equal(made.length, 2, 'one row a connection');
  });

  it('that never ends, or leads astray, is refused', async () => {
    const cases: [string, RegExp][] = [
      ['/again', /leads on and on/],
      ['file:///etc/passwd', /no web address/],
      ['http://', /no web address/],
      ['http://user:pass@127.0.0.1/', /address with a password/],
      ['http://93.184.216.34/x', /93\.184\.216\.34\/x is beyond this network/],
    ];
    for (const [location, message] of cases) {
      await using server = await sender(() => location);
      const { egress } = egressBench();
      await assert.rejects(
        egress.during({ purpose: 'x', hosts: [server.host], allow: () => true }, (fetch) => read(fetch, server.origin)),
        { code: 'egress_refused', message },
      );
      assert.ok(server.requests.length <= 6, `${server.requests.length} requests`);
    }
  });
});

describe('the egress log', () => {
  it('keeps a row from before the connection on, for good', async () => {
    using temp = tempFolder('egress');
    const db = await openDatabase({ file: join(temp.path, 'a.db'), key: KEY });
    db.exec(EGRESS_TABLE);
    const audit = createAuditLog({ db, key: KEY, name: 'workspace', actors: createActors(), now: () => 7 });
    const log = createEgressLog(db, audit.record);
    const egress = createEgress({ audit() {}, log: createLog(() => {}), now: () => 7, record: log.record });
    const during: unknown[] = [];
    await using server = await loopbackServer((_, response) => {
      during.push(...log.list(10));
      response.end('hello');
    });
    const action = { purpose: 'pull a', hosts: [server.host] };
    await egress.during(action, (fetch) => read(fetch, server.origin));
    const row = { id: 1, at: 7, host: '127.0.0.1', port: server.port, purpose: 'pull a' };
    assert.deepEqual(during, [{ ...row, sent: null, received: null }]);
    const [first] = log.list(10);
    assert.ok(Number(first?.sent) > 0 && Number(first?.received) > 0);
    const said = audit.list({ limit: 9 }).map(({ type, subject, details }) => [type, subject, details]);
    const [closed, opened] = [
      { sent: first?.sent, received: first?.received, connection: 1 },
      { purpose: 'pull a', connection: 1 },
    ];
    assert.deepEqual(said, [
      ['egress.closed', server.host, closed],
      ['egress.opened', server.host, opened],
    ]);
    for (const sql of ['DELETE FROM egress', 'UPDATE egress SET sent = 0', "UPDATE egress SET host = 'b'"])
      assert.throws(() => db.exec(sql), /append-only/, sql);
    db.close();
  });
});
