import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Refusal } from '../../guard/guard.ts';

const run = promisify(execFile);
const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));

interface Attempts {
  /** Ways out, and what came of each. */
  found: Record<string, string>;
  refusals: Refusal[];
  whole: boolean;
}

/** What a process with this guard reaches, and how many connections came here of it. */
async function attempts(guard: string): Promise<Attempts & { arrived: number }> {
  let arrived = 0;
  const server = createServer((socket) => {
    arrived += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    const { stdout } = await run(process.execPath, [beside('attempts.ts'), guard, String(port)]);
    return { ...(JSON.parse(stdout) as Attempts), arrived };
  } finally {
    server.close();
  }
}

/** What a way is refused with, where that is not the code of the closed list. */
const OTHERWISE: Readonly<Record<string, string>> = {
  // The standard gives no reason to pages.
  WebSocket: 'TypeError',
  'the handle of a socket': 'denied',
};

const expected = (found: Record<string, string>, allowed: Record<string, string>) =>
  Object.fromEntries(Object.keys(found).map((way) => [way, allowed[way] ?? OTHERWISE[way] ?? 'egress_refused']));

describe('the guard', () => {
  it('leaves the server its local sockets and what it listens on, and nothing else', async () => {
    const { found, refusals, whole, arrived } = await attempts('ofServer');
    assert.deepEqual(found, expected(found, { 'a local socket': 'ENOENT', 'to listen at a port': 'went through' }));
    assert.equal(arrived, 0);
    assert.ok(whole, 'it stands under the handles too');
    // All but the two that it lets through.
    assert.equal(refusals.length, Object.keys(found).length - 2);
    assert.deepEqual(refusals.at(0), { api: 'net.connect', target: refusals.at(0)?.target });
    assert.ok(refusals.some(({ api, target }) => api === 'dns.lookup' && target === 'example.invalid'));
  });

  it('leaves the command line its local sockets', async () => {
    const { found, arrived } = await attempts('ofCommandLine');
    assert.deepEqual(
      found,
      expected(found, { 'a local socket': 'ENOENT', 'the handle of a socket': 'egress_refused' }),
    );
    assert.equal(arrived, 0);
  });

  it('leaves a worker nothing', async () => {
    const { found, arrived } = await attempts('ofWorker');
    assert.deepEqual(found, expected(found, { 'the handle of a socket': 'egress_refused' }));
    assert.equal(arrived, 0);
  });

  it('lets one connection through for a pass, and none when that is over', async () => {
    const { stdout } = await run(process.execPath, [beside('passes.ts')]);
    assert.deepEqual(JSON.parse(stdout), {
      withPass: 'connected',
      byName: 'connected',
      elsewhere: 'egress_refused',
      laterInIt: 'egress_refused',
      outside: 'egress_refused',
      egress: 'hello',
      afterEgress: 'egress_refused',
      insideOfEgress: 'egress_refused',
      lifted: 'connected',
    });
  });

  it('is the first thing in each of our programs', () => {
    for (const [program, guard] of [
      ['server/main.ts', 'ofServer'],
      ['server/inference/llama/worker.ts', 'ofWorker'],
      ['server/storage/keyringProgram.ts', 'ofWorker'],
      ['server/doctor/doctorProgram.ts', 'ofServer'],
      ['cli/main.ts', 'ofCommandLine'],
    ] as const) {
      const [first] = /^import .*$/m.exec(readFileSync(beside(`../../${program}`), 'utf8')) ?? [];
      assert.match(first ?? '', new RegExp(`^import '[./]*/guard/${guard}.ts';$`), program);
    }
  });
});
