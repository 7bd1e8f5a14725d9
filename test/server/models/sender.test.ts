import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer, json } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { createSender, type SendRequest } from '../../../server/models/sender.ts';
import { type Answer, loopbackServer } from '../../support/loopback.ts';
import { tempFolder } from '../../support/temp.ts';
import { egressBench } from '../egress/workbench.ts';

const BYTES = Buffer.alloc(3_000_000, 'model ');
const sha256 = createHash('sha256').update(BYTES).digest('hex');
const made = { name: 'far', version: '1.0.0', sha256 };

/** Time that passes at once, and what was waited for. */
function fastClock() {
  const waits: number[] = [];
  return {
    waits,
    clock: {
      now: () => 0,
      after(ms: number, run: () => void) {
        waits.push(ms);
        const soon = setImmediate(run);
        return () => clearImmediate(soon);
      },
    },
  };
}

async function send(answer: Answer, more: Partial<SendRequest> = {}) {
  using folder = tempFolder('sender');
  mkdirSync(join(folder.path, 'in'));
  const path = join(folder.path, 'in', 'far.gguf');
  writeFileSync(path, BYTES);
  await using other = await loopbackServer(answer);
  const { egress, made: connections } = egressBench();
  const { clock, waits } = fastClock();
  const progress: number[] = [];
  const sent = await createSender({ egress, clock }).send({
    ...{ path, name: 'far', version: 'latest', url: other.origin, token: 'secret' },
    signal: new AbortController().signal,
    onProgress: (done, total) => void progress.push(done / total),
    ...more,
  });
  assert.ok(readFileSync(path).equals(BYTES));
  return { sent, connections, waits, progress, requests: other.requests };
}

/** A registry as the API's is, which loses connections, answers or uploads as the test says. */
function registry(fail: { cutAfter?: number[]; busy?: number; forget?: boolean; loseAnswer?: boolean } = {}) {
  let [there, begun]: [Buffer, unknown] = [Buffer.alloc(0), null];
  let done = false;
  const { cutAfter = [], loseAnswer } = fail;
  let { busy = 0, forget = false } = fail;
  const answer: Answer = async (request, response) => {
    const { socket } = request;
    const reply = (status: number, body: object, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== 'Bearer secret') return reply(401, { code: 'unauthorized', message: 'No.' });
    if (request.method === 'POST') {
      begun = await json(request);
      if (done) return reply(200, made);
      return reply(201, { received: there.length }, { location: '/uploads/1' });
    }
    if (request.method === 'GET') {
      if (busy > 0) {
        busy -= 1;
        return reply(503, { code: 'unavailable', message: 'Not now.' });
      }
      if (done || forget) {
        there = forget ? Buffer.alloc(0) : there;
        forget = false;
        return reply(404, { code: 'not_found', message: 'There is no such upload.' });
      }
      return reply(200, { received: there.length });
    }
    const [, first] = /^bytes (\d+)-/.exec(request.headers['content-range'] ?? '') ?? [];
    if (first !== undefined && Number(first) !== there.length)
      return reply(409, { code: 'conflict', message: 'Not there.' });
    const most = cutAfter.shift();
    if (most === undefined) there = Buffer.concat([there, await buffer(request)]);
    else {
      for await (const chunk of request) {
        there = Buffer.concat([there, chunk as Buffer]);
        if (there.length >= most) break;
      }
      return void socket.destroy();
    }
    assert.ok(there.equals(BYTES), 'every byte once');
    done = true;
    if (loseAnswer) return void socket.destroy();
    return reply(201, made);
  };
  return { answer, announced: () => begun };
}

describe('sending a model to another registry', { timeout: 60_000 }, () => {
  it('announces it, sends it, and is on record', async () => {
    const { answer, announced } = registry();
    const { sent, connections, progress } = await send(answer, { alias: 'best' });
    assert.deepEqual(sent, { ...made, existed: false });
    assert.deepEqual(announced(), {
      version: 'latest',
      bytes: BYTES.length,
      sha256,
      fileName: 'far.gguf',
      alias: 'best',
    });
    assert.equal(connections.length, 2);
    assert.ok(connections.every(({ purpose }) => /^upload far to 127\.0\.0\.1:\d+$/.test(purpose)));
    assert.ok(connections.some((connection) => Number(connection.sent) > BYTES.length));
    assert.deepEqual(
      progress,
      progress.toSorted((one, other) => one - other),
    );
    assert.equal(progress.at(-1), 1);
  });

  it('goes on where a connection broke, and waits longer while nothing moves', async () => {
    const broken = await send(registry({ cutAfter: [500_000, 1_500_000, 1_500_000] }).answer);
    assert.deepEqual(broken.sent, { ...made, existed: false });
    const silent = await send(registry({ cutAfter: [500_000, 600_000], busy: 1 }).answer);
    assert.deepEqual(silent.sent, { ...made, existed: false });
    assert.deepEqual([broken.waits, silent.waits], [[], [1000]]);
    await assert.rejects(send(registry({ cutAfter: Array.from({ length: 99 }, () => 0) }).answer), {
      code: 'fetch_failed',
    });
  });

  it('finds out that it was finished, or forgotten, when the answer was lost', async () => {
    assert.deepEqual((await send(registry({ loseAnswer: true }).answer)).sent, { ...made, existed: true });
    assert.deepEqual((await send(registry({ cutAfter: [900_000], forget: true }).answer)).sent, {
      ...made,
      existed: false,
    });
  });

  it('says what the other one says, and what it is not', async () => {
    await assert.rejects(send(registry().answer, { token: 'wrong' }), { code: 'unauthorized', message: 'No.' });
    await assert.rejects(
      send((_request, response) => response.writeHead(200).end('<html>')),
      { code: 'fetch_denied' },
    );
    await assert.rejects(
      send((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
      { code: 'fetch_denied' },
    );
    await assert.rejects(send(registry().answer, { url: 'http://127.0.0.1:1' }), { code: 'fetch_failed' });
    await assert.rejects(send(registry().answer, { url: 'http://8.8.8.8:3100' }), { code: 'egress_refused' });
    for (const url of ['', 'registry', 'ftp://127.0.0.1', 'http://127.0.0.1/path', 'http://127.0.0.1/?a=b'])
      await assert.rejects(send(registry().answer, { url }), { code: 'invalid_params' }, url);
    for (const path of ['relative.gguf', '/no/such/file.gguf', '/tmp'])
      await assert.rejects(send(registry().answer, { path }), { code: 'not_found' }, path);
    const signal = AbortSignal.abort(new Error('given up'));
    await assert.rejects(send(registry().answer, { signal }));
  });
});
