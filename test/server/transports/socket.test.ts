import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { type BoundSocket, bindSocket, isAlive } from '../../../server/transports/socket.ts';
import { tempFolder } from '../../support/temp.ts';

const handle: RequestListener = (_request, response) => void response.end();

/** Leaves the socket file of a process that was killed. */
async function leaveDead(path: string): Promise<void> {
  const program = `require('node:net').createServer().listen(process.argv[1], () => console.log('bound'))`;
  const child = spawn(process.execPath, ['-e', program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(existsSync(path));
}

describe('bindSocket', { timeout: 60_000 }, () => {
  it('keeps everybody else out', async () => {
    using folder = tempFolder('socket');
    const path = join(folder.path, 'made', 's');
    const socket = await bindSocket(path, handle);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder.path, 'made')).mode & 0o777, 0o700);
    await socket?.close();
    assert.ok(!existsSync(path));
  });

  it('leaves a path alone that a live server holds', async () => {
    using folder = tempFolder('socket');
    const path = join(folder.path, 's');
    const holder = await bindSocket(path, handle);
    assert.equal(await bindSocket(path, handle), null);
    assert.equal(holder?.owned(), true);
    await holder?.close();
  });

  it('takes the path of a server that was killed', async () => {
    using folder = tempFolder('socket');
    const path = join(folder.path, 's');
    await leaveDead(path);
    const socket = await bindSocket(path, handle);
    assert.ok(await isAlive(path));
    await socket?.close();
  });

  it('gives a dead path to one of many', async () => {
    using folder = tempFolder('socket');
    const path = join(folder.path, 's');
    for (let round = 0; round < 5; round++) {
      await leaveDead(path);
      const sockets = await Promise.all(Array.from({ length: 8 }, () => bindSocket(path, handle)));
      const owners = sockets.filter((socket): socket is BoundSocket => socket?.owned() === true);
      assert.equal(owners.length, 1);
      assert.ok(await isAlive(path));
      for (const socket of sockets) await socket?.close();
    }
  });

  it('removes nothing but sockets', async () => {
    using folder = tempFolder('socket');
    const path = join(folder.path, 's');
    writeFileSync(path, 'a file of the person');
    await assert.rejects(bindSocket(path, handle), isUnavailable);
    assert.equal(readFileSync(path, 'utf8'), 'a file of the person');
  });

  it('does not remove the file of whoever took its place', async () => {
    using folder = tempFolder('socket');
    const path = join(folder.path, 's');
    const first = await bindSocket(path, handle);
    unlinkSync(path);
    const second = await bindSocket(path, handle);
    assert.equal(first?.owned(), false);
    await first?.close();
    assert.ok(await isAlive(path));
    await second?.close();
  });

  it('says what is wrong with a path', async () => {
    using folder = tempFolder('socket');
    await assert.rejects(bindSocket(join(folder.path, 'x'.repeat(200)), handle), isUnavailable);
  });
});

function isUnavailable(error: unknown): boolean {
  return error instanceof OspainError && error.code === 'unavailable';
}
