import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../server/storage/database.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { tempFolder } from '../../support/temp.ts';
import { KEY, LEASE } from './queueFixture.ts';

const PROGRAM = fileURLToPath(new URL('crashServer.ts', import.meta.url));

/** Runs a server until it has acknowledged this many things, kills it, and answers all that it acknowledged. */
async function killedAfter(lines: number, file: string): Promise<string[]> {
  const child = spawn(process.execPath, [PROGRAM, file, KEY], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === lines) child.kill('SIGKILL');
  }
  await exited;
  assert.ok(acknowledged.length >= lines, 'the server ended before it was killed');
  return acknowledged;
}

test('kill -9 at any moment loses nothing that was acknowledged, and each task ends once', {
  timeout: 300_000,
}, async () => {
  using temp = tempFolder('crash');
  const file = join(temp.path, 'ospain2.db');
  const acknowledged: string[] = [];
  for (let round = 0; round < 12; round++) acknowledged.push(...(await killedAfter(1 + round * 7, file)));

  const db = await openDatabase({ file, key: KEY });
  assert.equal(db.pragma('integrity_check', { simple: true }), 'ok');
  const queue = createQueue({ db, now: Date.now, onChange: () => {} });
  for (const line of acknowledged) {
    const [what, id = '', seq, type] = line.split(' ');
    if (what === 'task') assert.equal(queue.get(id).id, id);
    else assert.equal(queue.events(id, Number(seq) - 1, 1)[0]?.type, type, line);
  }

  queue.reap(() => false);
  for (let claim = queue.claim('last', LEASE); claim !== null; claim = queue.claim('last', LEASE))
    queue.complete(claim.task.id, claim.fence, 'ok');
  const { tasks } = queue.list({ limit: 1000 });
  assert.ok(tasks.length > 12);
  for (const { id, status, lastSeq } of tasks) {
    const events = queue.events(id, 0, 10_000);
    const ends = events.filter(({ type }) => type === 'done' || type === 'failed');
    assert.ok(status === 'done' || status === 'failed', status);
    assert.deepEqual([ends.length, ends[0]?.seq, events.length], [1, lastSeq, lastSeq]);
  }
  db.close();
});
