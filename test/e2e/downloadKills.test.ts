import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sha256Of, someBytes } from '../server/models/download/workbench.ts';
import { loopbackServer } from '../support/loopback.ts';
import { tempFolder } from '../support/temp.ts';

const SIZE = 30_000_000;
const KILLS = 20;
const PIECE = 32 * 1024;
/** Bytes that the host is ahead of the client's disk at most, so that they cannot hide in buffers of the system. */
const AHEAD = 64 * 1024;
const PROGRAM = fileURLToPath(new URL('../server/models/download/downloader.ts', import.meta.url));

test('20 kills at random points: the right file, having fetched at most 1.1 times its size', {
  timeout: 120_000,
}, async (t) => {
  using temp = tempFolder('kill');
  const content = someBytes(SIZE, 7);
  const part = join(temp.path, 'model.gguf.part');
  const written = () => statSync(part, { throwIfNoEntry: false })?.size ?? 0;
  const random = someBytes(4 * KILLS, 42);
  const targets = Array.from({ length: KILLS }, (_, n) => Math.floor((random.readUInt32LE(4 * n) / 2 ** 32) * SIZE));
  targets.sort((one, another) => one - another);

  let fetched = 0;
  let child: ChildProcess | undefined;
  const send = async (request: IncomingMessage, response: ServerResponse) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = `bytes ${from}-${SIZE - 1}/${SIZE}`;
    const headers = { etag: '"one"', 'content-length': SIZE - from, 'content-range': range };
    response.writeHead(request.headers.range === undefined ? 200 : 206, headers);
    for (let at = from; at < SIZE && !response.closed; at += PIECE) {
      while (at - written() > AHEAD && !response.closed) await sleep(1);
      const piece = content.subarray(at, at + PIECE);
      fetched += piece.length;
      response.write(piece);
      if (targets[0] === undefined || at + piece.length < targets[0]) continue;
      // What is on its way now is lost.
      targets.shift();
      child?.kill('SIGKILL');
      return;
    }
    response.end();
  };
  await using server = await loopbackServer(send);

  const env = { ...process.env, NODE_COMPILE_CACHE: join(temp.path, 'compiled') };
  let printed = '';
  let killed = 0;
  for (let runs = 0; runs <= KILLS && printed === ''; runs++) {
    const run = spawn(process.execPath, [PROGRAM, server.origin, temp.path], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = run;
    const [output, [code, signal]] = await Promise.all([text(run.stdout), once(run, 'exit')]);
    if (signal === 'SIGKILL') killed++;
    else assert.equal(code, 0);
    printed = output;
  }
  assert.equal(killed, KILLS);
  assert.equal(JSON.parse(printed).sha256, sha256Of(content));
  assert.equal(sha256Of(readFileSync(join(temp.path, 'model.gguf'))), sha256Of(content));
  t.diagnostic(`fetched ${fetched} bytes for ${SIZE}: ${(fetched / SIZE).toFixed(4)}`);
  assert.ok(fetched <= 1.1 * SIZE, `${fetched} bytes`);
});
