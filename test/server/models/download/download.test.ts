import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { discardDownload } from '../../../../server/models/download/finished.ts';
import type { Progress } from '../../../../server/models/download/meter.ts';
import { loopbackServer } from '../../../support/loopback.ts';
import { tempFolder } from '../../../support/temp.ts';
import { dropAfter, freshEvents, get, serveFile, sha256Of, someBytes, testClock } from './workbench.ts';

const KB = 1024;
const file = someBytes(1000 * KB);
const other = someBytes(1000 * KB, 2);
const sha256 = sha256Of(file);
const onceOnly = { retries: 0 };

/** What a failed download left: the bytes of its part, or undefined. */
const partOf = (folder: string) => {
  const path = join(folder, 'model.gguf.part');
  return existsSync(path) ? readFileSync(path) : undefined;
};
const isNothingLeft = (folder: string) =>
  assert.deepEqual(
    readdirSync(folder).filter((name) => !name.endsWith('.lock')),
    [],
  );

describe('a download', () => {
  it('is a whole file for this user alone, and is not fetched again', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => serveFile(request, response, file));
    const wanted = { url: `${server.origin}/a.gguf?sig=secret`, into: temp.path, sha256: sha256.toUpperCase() };
    const path = join(temp.path, 'model.gguf');
    const { result } = await get(wanted);
    assert.deepEqual(result, { path, bytes: file.length, sha256 });
    assert.deepEqual(readFileSync(path), file);
    for (const name of readdirSync(temp.path)) assert.equal(statSync(join(temp.path, name)).mode & 0o777, 0o600, name);
    assert.doesNotMatch(readFileSync(`${path}.download.json`, 'utf8'), /secret/);
    assert.deepEqual((await get(wanted)).result, result);
    assert.equal(server.requests.length, 1);
    await discardDownload(temp.path, 'model.gguf');
    isNothingLeft(temp.path);
  });

  it('looks at a finished file again instead of trusting it', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => serveFile(request, response, file));
    const wanted = { url: server.origin, into: temp.path };
    await get(wanted);
    writeFileSync(join(temp.path, 'model.gguf'), other);
    assert.equal((await get(wanted)).result.sha256, sha256);
    assert.equal(server.requests.length, 2);
  });

  it('goes on where a connection dropped, again and again', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => dropAfter(150 * KB, request, response, file));
    const { result, events } = await get({ url: server.origin, into: temp.path });
    assert.equal(result.sha256, sha256);
    const starts = Array.from({ length: 6 }, (_, n) => (n + 1) * 150 * KB);
    assert.deepEqual(
      server.requests.map(({ headers }) => headers.range),
      [undefined, ...starts.map((start) => `bytes=${start}-`)],
      'nothing that came is lost',
    );
    assert.deepEqual(
      events.filter(({ type }) => type === 'resumed'),
      starts.map((at) => ({ type: 'resumed', at })),
    );
    assert.ok(server.requests.slice(1).every(({ headers }) => headers['if-range'] === '"one"'));
  });

  it('gives up after tries that brought nothing, and goes on with the next call', async () => {
    using temp = tempFolder('download');
    let isBroken = true;
    await using server = await loopbackServer((request, response, nth) => {
      if (nth === 0) dropAfter(300 * KB, request, response, file);
      else if (isBroken) request.socket.destroy();
      else serveFile(request, response, file);
    });
    const clock = testClock();
    const wanted = { url: server.origin, into: temp.path };
    await assert.rejects(get(wanted, freshEvents(), clock), {
      code: 'fetch_failed',
      message: /stopped at \d+ of 1024000 bytes: 127\.0\.0\.1 broke the connection off/,
      hint: /goes on where it stopped/,
    });
    assert.deepEqual(clock.waits, [500, 1000, 2000, 4000, 8000, 16_000], 'longer each time');
    isBroken = false;
    const kept = partOf(temp.path)?.length;
    const { result } = await get(wanted);
    assert.equal(result.sha256, sha256);
    assert.equal(server.requests.at(-1)?.headers.range, `bytes=${kept}-`);
  });

  it('can be cancelled and goes on later', async () => {
    using temp = tempFolder('download');
    const cancel = new AbortController();
    await using server = await loopbackServer((request, response, nth) => {
      if (nth > 0) return serveFile(request, response, file);
      response.writeHead(200, { 'content-length': file.length, etag: '"one"' });
      return response.write(file.subarray(0, 100 * KB));
    });
    const wanted = { url: server.origin, into: temp.path };
    const onProgress = ({ received }: Progress) => received > 0 && cancel.abort();
    await assert.rejects(get({ ...wanted, signal: cancel.signal, onProgress }), { code: 'cancelled' });
    await assert.rejects(get({ ...wanted, signal: cancel.signal }), { code: 'cancelled' });
    assert.equal(server.requests.length, 1);
    const kept = partOf(temp.path)?.length ?? 0;
    assert.ok(kept > 0);
    assert.equal((await get(wanted)).result.sha256, sha256);
    assert.equal(server.requests[1]?.headers.range, `bytes=${kept}-`);
  });

  it('reconnects when nothing comes any more', async () => {
    using temp = tempFolder('download');
    const clock = testClock();
    await using server = await loopbackServer((request, response, nth) => {
      if (nth === 2) return serveFile(request, response, file);
      // Once before the headers, once in the middle of the body.
      if (nth === 0) return clock.stall();
      response.writeHead(200, { 'content-length': file.length, etag: '"one"' });
      return response.write(file.subarray(0, 100 * KB));
    });
    const onProgress = ({ received }: Progress) =>
      server.requests.length === 2 && received > 0 && setImmediate(clock.stall);
    const { result, events } = await get({ url: server.origin, into: temp.path, onProgress }, freshEvents(), clock);
    assert.equal(result.sha256, sha256);
    assert.equal(server.requests.length, 3);
    assert.match(JSON.stringify(events), /sent nothing for 20 s/);
  });

  it('is refused while it is fetched already', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => serveFile(request, response, file));
    const wanted = { url: server.origin, into: temp.path };
    const both = await Promise.allSettled([get(wanted), get(wanted)]);
    const codes = both.map((one) => (one.status === 'rejected' ? one.reason.code : one.status));
    assert.deepEqual(codes.sort(), ['conflict', 'fulfilled']);
  });

  it('reports how far it is, at most ten times a second and at the end', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => serveFile(request, response, file));
    const reports: Progress[] = [];
    await get({ url: server.origin, into: temp.path, onProgress: (progress) => reports.push(progress) });
    assert.ok(reports.length >= 2);
    assert.deepEqual([reports.at(-1)?.received, reports.at(-1)?.total], [file.length, file.length]);
  });
});

describe('a file that changes', () => {
  /** The first answer is cut in the old content; later ones are of the new. */
  const changing = (ignoresIfRange: boolean) =>
    loopbackServer((request, response, nth) => {
      if (nth === 0) return dropAfter(300 * KB, request, response, file, '"one"');
      if (ignoresIfRange) delete request.headers['if-range'];
      return serveFile(request, response, other, '"two"');
    });

  for (const ignoresIfRange of [false, true])
    it(`is fetched from its beginning, said so, ${ignoresIfRange ? 'although the host mixes them' : 'and whole'}`, async () => {
      using temp = tempFolder('download');
      await using server = await changing(ignoresIfRange);
      const { result, events } = await get({ url: server.origin, into: temp.path });
      assert.equal(result.sha256, sha256Of(other));
      assert.deepEqual(readFileSync(result.path), other);
      assert.deepEqual(
        events.filter(({ type }) => type === 'restarted'),
        [{ type: 'restarted', reason: 'changed' }],
      );
    });

  it('is fetched from its beginning from a host without ranges', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response, nth) => {
      delete request.headers.range;
      return nth === 0 ? dropAfter(300 * KB, request, response, file) : serveFile(request, response, file);
    });
    const { result, events } = await get({ url: server.origin, into: temp.path });
    assert.equal(result.sha256, sha256);
    assert.deepEqual(events.at(-1), { type: 'restarted', reason: 'noRanges' });
  });

  it('cannot be told from the old one without a state or a sha256, so nothing is joined', async () => {
    for (const known of [undefined, sha256]) {
      using temp = tempFolder('download');
      await using server = await loopbackServer((request, response, nth) =>
        nth === 0
          ? dropAfter(300 * KB, request, response, file, 'W/"weak"')
          : serveFile(request, response, file, 'W/"weak"'),
      );
      const { result } = await get({ url: server.origin, into: temp.path, ...(known && { sha256: known }) });
      assert.equal(result.sha256, sha256);
      assert.equal(server.requests[1]?.headers.range === undefined, known === undefined);
    }
  });

  it('is another one at the same place when its sha256 is', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response, nth) =>
      nth === 0 ? dropAfter(300 * KB, request, response, file) : serveFile(request, response, other),
    );
    const wanted = { url: server.origin, into: temp.path, limits: onceOnly };
    await assert.rejects(get({ ...wanted, sha256 }), { code: 'fetch_failed' });
    const { result } = await get({ ...wanted, sha256: sha256Of(other) });
    assert.equal(result.sha256, sha256Of(other));
    assert.equal(server.requests[1]?.headers.range, undefined);
  });

  it('is the same one at another place when its sha256 is', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response, nth) =>
      nth === 0 ? dropAfter(300 * KB, request, response, file) : serveFile(request, response, file, '"of a mirror"'),
    );
    const wanted = { into: temp.path, limits: onceOnly, sha256 };
    await assert.rejects(get({ ...wanted, url: `${server.origin}/a` }), { code: 'fetch_failed' });
    const { result } = await get({ ...wanted, url: `${server.origin}/b` });
    assert.equal(result.sha256, sha256);
    assert.notEqual(server.requests[1]?.headers.range, undefined);
  });

  it('and shrinks is fetched from its beginning', async () => {
    using temp = tempFolder('download');
    const shorter = file.subarray(0, 200 * KB);
    await using server = await loopbackServer((request, response, nth) => {
      if (nth === 0) return dropAfter(300 * KB, request, response, file);
      delete request.headers['if-range'];
      return serveFile(request, response, shorter);
    });
    const { result, events } = await get({ url: server.origin, into: temp.path });
    assert.equal(result.sha256, sha256Of(shorter));
    assert.ok(events.some((event) => event.type === 'restarted' && event.reason === 'changed'));
  });
});

describe('wrong bytes', () => {
  it('are thrown away', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => serveFile(request, response, other));
    await assert.rejects(get({ url: server.origin, into: temp.path, sha256 }), {
      code: 'content_differs',
      message: new RegExp(`other bytes than were announced \\(sha256 ${sha256Of(other)}\\)`),
    });
    isNothingLeft(temp.path);
    assert.equal(server.requests.length, 1);
  });

  it('get one fresh try when they came in parts', async () => {
    for (const isRightNow of [true, false]) {
      using temp = tempFolder('download');
      await using server = await loopbackServer((request, response, nth) =>
        nth === 0
          ? dropAfter(300 * KB, request, response, other)
          : serveFile(request, response, isRightNow ? file : other),
      );
      const wanted = { url: server.origin, into: temp.path, sha256 };
      if (isRightNow) assert.equal((await get(wanted)).result.sha256, sha256);
      else await assert.rejects(get(wanted), { code: 'content_differs' });
      assert.deepEqual(
        server.requests.map(({ headers }) => headers.range === undefined),
        [true, false, true],
      );
    }
  });

  it('get no more than that from a host that drops each time', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => dropAfter(300 * KB, request, response, other));
    await assert.rejects(get({ url: server.origin, into: temp.path, sha256 }), { code: 'content_differs' });
    assert.equal(server.requests.filter(({ headers }) => headers.range === undefined).length, 2);
    isNothingLeft(temp.path);
  });

  it('of a part on the disk are noticed', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response, nth) =>
      nth === 0 ? dropAfter(300 * KB, request, response, file) : serveFile(request, response, file),
    );
    const wanted = { url: server.origin, into: temp.path, sha256 };
    await assert.rejects(get({ ...wanted, limits: onceOnly }), { code: 'fetch_failed' });
    const kept = partOf(temp.path)?.length ?? 0;
    writeFileSync(join(temp.path, 'model.gguf.part'), other.subarray(0, kept));
    const { result, events } = await get(wanted);
    assert.equal(result.sha256, sha256);
    assert.deepEqual(events.at(-1), { type: 'restarted', reason: 'damaged' });
  });
});

describe('a length', () => {
  it('that is not the announced one is refused before a byte is kept', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => serveFile(request, response, file));
    await assert.rejects(get({ url: server.origin, into: temp.path, bytes: file.length + 1 }), {
      code: 'content_differs',
      message: /has 1024000 bytes where 1024001 were announced/,
    });
    assert.equal(partOf(temp.path)?.length, 0);
  });

  it('that the body does not reach is a dropped connection', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response, nth) => {
      if (nth > 0) return serveFile(request, response, file);
      // Chunked, so it ends as if all were well.
      return response.writeHead(200, { etag: '"one"' }).end(file.subarray(0, 100 * KB));
    });
    const { result, events } = await get({ url: server.origin, into: temp.path, bytes: file.length });
    assert.equal(result.sha256, sha256);
    assert.match(JSON.stringify(events[0]), /ended the file early/);
    assert.equal(server.requests[1]?.headers.range, 'bytes=102400-');
  });

  it('that the body exceeds is refused', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((_, response) => response.writeHead(200, { etag: '"one"' }).end(file));
    await assert.rejects(get({ url: server.origin, into: temp.path, bytes: 500 * KB }), {
      code: 'content_differs',
      message: /sent more than the 512000 bytes/,
    });
    isNothingLeft(temp.path);
  });

  it('that nobody says is accepted where the end can be told, else refused', async () => {
    using temp = tempFolder('download');
    await using chunked = await loopbackServer((_, response) => response.writeHead(200).end(file));
    assert.equal((await get({ url: chunked.origin, into: temp.path })).result.sha256, sha256);
    await using unbounded = await loopbackServer((_, response) => {
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, { connection: 'close' }).end(file);
    });
    const wanted = { url: unbounded.origin, into: temp.path, name: 'b.gguf' };
    await assert.rejects(get(wanted), { code: 'content_differs', message: /does not say how long/ });
    assert.equal((await get({ ...wanted, bytes: file.length })).result.sha256, sha256);
  });

  it('of a part that starts elsewhere is not joined', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response, nth) => {
      if (nth === 0) return dropAfter(300 * KB, request, response, file);
      if (nth === 1) request.headers.range = 'bytes=100-';
      return serveFile(request, response, file);
    });
    const { result, events } = await get({ url: server.origin, into: temp.path });
    assert.equal(result.sha256, sha256);
    assert.ok(events.some((event) => event.type === 'restarted' && event.reason === 'misplaced'));
  });
});

describe('an answer', () => {
  const answering = (status: number, headers: Record<string, string> = {}) =>
    loopbackServer((request, response, nth) =>
      nth === 0 ? response.writeHead(status, headers).end() : serveFile(request, response, file),
    );

  const fatal: [status: number, headers: Record<string, string>, code: string, says: RegExp][] = [
    [404, {}, 'not_found', /There is no http:\/\/127/],
    [410, {}, 'not_found', /There is no/],
    [401, {}, 'fetch_denied', /HF_TOKEN/],
    [401, { 'x-error-code': 'RepoNotFound' }, 'not_found', /If it is private/],
    [403, { 'x-error-code': 'GatedRepo' }, 'fetch_denied', /Accept the terms/],
    [451, {}, 'fetch_denied', /answered 451/],
    [204, {}, 'fetch_denied', /answered 204/],
    [200, { 'content-type': 'text/html; charset=utf-8' }, 'content_differs', /is a web page/],
    [200, { 'content-encoding': 'gzip' }, 'content_differs', /came compressed/],
    [503, { 'retry-after': '86400' }, 'fetch_failed', /Try again in 1440 minutes/],
  ];
  for (const [status, headers, code, says] of fatal)
    it(`of ${status} ${JSON.stringify(headers)} says ${code}`, async () => {
      using temp = tempFolder('download');
      await using server = await answering(status, headers);
      await assert.rejects(
        get({ url: server.origin, into: temp.path }),
        (error: Error & { code?: string; hint?: string }) => {
          assert.equal(error.code, code);
          assert.match(`${error.message} ${error.hint}`, says);
          return true;
        },
      );
      assert.equal(server.requests.length, 1);
    });

  const passing: [status: number, headers: Record<string, string>, wait: number][] = [
    [503, { 'retry-after': '7' }, 7000],
    [429, { ratelimit: '"resolvers";r=0;t=55' }, 55_000],
    [429, { 'retry-after': new Date(0).toUTCString() }, 0],
    [500, {}, 500],
  ];
  for (const [status, headers, wait] of passing)
    it(`of ${status} ${JSON.stringify(headers)} is asked again after ${wait} ms`, async () => {
      using temp = tempFolder('download');
      await using server = await answering(status, headers);
      const { result, clock } = await get({ url: server.origin, into: temp.path });
      assert.equal(result.sha256, sha256);
      assert.deepEqual(clock.waits, [wait]);
    });

  it('of 416 ends a file that is all there, and starts one that is not', async () => {
    for (const content of [file, file.subarray(0, 200 * KB)]) {
      using temp = tempFolder('download');
      await using server = await loopbackServer((request, response, nth) => {
        // Chunked and cut, so that nobody knows the length.
        if (nth === 0) {
          response.writeHead(200, { etag: '"one"' });
          return response.write(file, () => response.socket?.destroy());
        }
        delete request.headers['if-range'];
        return serveFile(request, response, content);
      });
      const { result } = await get({ url: server.origin, into: temp.path });
      assert.equal(result.sha256, sha256Of(content));
      assert.equal(server.requests.length, content === file ? 2 : 3);
    }
  });
});

describe('a place', () => {
  it('without room is refused before a byte is fetched', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => serveFile(request, response, file));
    const wanted = { url: server.origin, into: temp.path, limits: { reserveBytes: 1000 } };
    const full = { freeBytes: async () => file.length + 999 };
    const refusal = { code: 'storage_full', message: /has 1024999 bytes left, and the download needs 1025000/ };
    await assert.rejects(get({ ...wanted, ...full, bytes: file.length }), refusal);
    assert.equal(server.requests.length, 0);
    await assert.rejects(get({ ...wanted, ...full }), refusal);
    assert.equal(partOf(temp.path)?.length, 0);
    await get({ ...wanted, freeBytes: async () => file.length + 1000 });
  });

  it('whose room ends during a file of unknown length', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((_, response) => response.writeHead(200).end(file));
    let free = 400 * KB;
    const freeBytes = async () => (free -= 64 * KB);
    await assert.rejects(get({ url: server.origin, into: temp.path, freeBytes, limits: { reserveBytes: 0 } }), {
      code: 'storage_full',
    });
  });

  it('that is taken, a link, or missing', async () => {
    using temp = tempFolder('download');
    await using server = await loopbackServer((request, response) => serveFile(request, response, file));
    const wanted = { url: server.origin, into: temp.path };
    const mine = join(temp.path, 'model.gguf');
    writeFileSync(mine, 'mine');
    await assert.rejects(get({ ...wanted, sha256 }), { code: 'conflict' });
    assert.equal(readFileSync(mine, 'utf8'), 'mine');
    symlinkSync(mine, join(temp.path, 'b.gguf.part'));
    await assert.rejects(get({ ...wanted, name: 'b.gguf' }), { code: 'conflict' });
    assert.equal(readFileSync(mine, 'utf8'), 'mine');
    await assert.rejects(get({ ...wanted, into: join(temp.path, 'missing') }), { code: /storage/ });
    assert.equal(server.requests.length, 0);
  });

  it('with a name that leads out of its folder, or is none', async () => {
    using temp = tempFolder('download');
    const names = [
      '',
      '.',
      '..',
      '../x',
      'a/b',
      'a\\b',
      'a\0',
      'a\nb',
      '.hidden',
      'a.',
      'NUL',
      'com1.gguf',
      'x'.repeat(201),
      'a\u202egguf',
    ];
    for (const name of names)
      await assert.rejects(get({ url: 'http://127.0.0.1:1', into: temp.path, name }), { code: 'invalid_params' }, name);
    await assert.rejects(get({ url: 'http://127.0.0.1:1', into: temp.path, sha256: 'abc' }), {
      code: 'invalid_params',
    });
    assert.deepEqual(readdirSync(temp.path), []);
  });
});

it('can be cancelled while it waits', async () => {
  using temp = tempFolder('download');
  await using server = await loopbackServer((_, response) => response.writeHead(503).end());
  const cancel = new AbortController();
  const clock = { ...testClock(), after: () => () => {} };
  const onEvent = () => setImmediate(() => cancel.abort());
  await assert.rejects(
    get({ url: server.origin, into: temp.path, signal: cancel.signal, onEvent }, freshEvents(), clock),
    { code: 'cancelled' },
  );
  assert.equal(server.requests.length, 1);
});
