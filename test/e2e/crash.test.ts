import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TaskEvent } from '../../protocol/index.ts';
import { writeLongTalker } from '../support/longTalker.ts';
import { ended, firstEvent, gone, startServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

/** Rounds of each kind of kill. */
const ROUNDS = 20;

const models = tempFolder('crash-models');
const talker = writeLongTalker(join(models.path, 'talker.gguf'));
after(() => models[Symbol.dispose]());

function assertOneGaplessEnd(events: readonly TaskEvent[], end: TaskEvent['type']): void {
  assert.deepEqual(
    events.map((event) => event.seq),
    events.map((_, index) => index + 1),
    'events are numbered from 1 without gaps',
  );
  const ends = events.filter((event) => ['done', 'failed', 'cancelled'].includes(event.type));
  assert.deepEqual(
    ends.map((event) => event.type),
    [end],
  );
  assert.equal(events.at(-1), ends[0], 'nothing follows the end');
}

test('a worker killed in the middle of an answer: the task is retried and ends', { timeout: 300_000 }, async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  await using server = await startServer({
    workspace: workspace.path,
    data: data.path,
    settings: { models: [talker] },
  });
  const { client } = server;
  let killed = 0;
  // On a machine that stalls, an answer may be through before the kill: then it proves nothing and is not counted.
  for (let round = 0; killed < ROUNDS && round < 5 * ROUNDS; round++) {
    const { task } = await client.request('task/submit', { kind: 'ask', instruction: `Question ${round}` });
    await firstEvent(client, task.id, 'text');
    const { workers } = await client.request('server/status', {});
    const pid = workers.find(({ state }) => state === 'busy')?.pid;
    if (typeof pid === 'number') process.kill(pid, 'SIGKILL');
    const end = await ended(client, task.id);
    assert.equal(end.status, 'done', `round ${round}: ${JSON.stringify(end.error)}`);
    const { events } = await client.request('task/events', { taskId: task.id, limit: 10_000 });
    assertOneGaplessEnd(events, 'done');
    const deaths = events.filter((event) => event.type === 'retry').map((event) => event.data.error.code);
    if (deaths.length === 0) continue;
    assert.deepEqual(deaths, ['worker_failed'], 'the death of the worker is an event');
    killed += 1;
  }
  assert.equal(killed, ROUNDS);
});

test('a server killed in the middle of a task: after restart the task is there and ends once', {
  timeout: 300_000,
}, async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  const options = { workspace: workspace.path, data: data.path, settings: { models: [talker] } };
  const acknowledged: string[] = [];
  let server = await startServer(options);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const { client } = server;
      for (const name of ['first', 'second']) {
        const instruction = `${name} ${round}`;
        const { task } = await client.request('task/submit', {
          ...{ id: randomUUID(), kind: 'ask' as const, instruction },
          // Each kill is an attempt of every task that runs, and several do.
          maxAttempts: ROUNDS,
        });
        acknowledged.push(task.id);
      }
      const current = acknowledged.at(-2) ?? '';
      // Odd rounds are killed while the answer streams, even ones between claim and first token.
      await firstEvent(client, current, round % 2 === 0 ? 'started' : 'text');
      const { workers } = await client.request('server/status', {});
      await server.kill();
      server = await startServer(options);
      // A dead server leaves no worker behind.
      for (const { pid } of workers) if (pid !== null) await gone(pid);
    }
    const { client } = server;
    for (const taskId of acknowledged) {
      const end = await ended(client, taskId);
      assert.equal(end.status, 'done', JSON.stringify(end.error));
      const { events } = await client.request('task/events', { taskId, limit: 10_000 });
      assertOneGaplessEnd(events, 'done');
    }
    assert.equal((await client.request('task/list', {})).total, acknowledged.length);
  } finally {
    await server.stop();
  }
});
