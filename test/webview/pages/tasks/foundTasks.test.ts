import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Client } from '../../../../protocol/client.ts';
import { OspainError } from '../../../../protocol/errors.ts';
import type { Task } from '../../../../protocol/tasks.ts';
import { createFoundTasks } from '../../../../webview/pages/tasks/foundTasks.ts';
import { everything, fits, searchOf, type TaskFilter } from '../../../../webview/pages/tasks/taskFilter.ts';
import { taskWith } from '../../../extension/task.ts';

/** A server with tasks 1 to `count`, which looks through ten of them at a time. */
function createServer(count: number, filter: TaskFilter) {
  const all = new Map(
    Array.from({ length: count }, (_, n) => taskWith({ number: n + 1, instruction: n % 2 === 0 ? 'odd' : 'even' })).map(
      (task) => [task.number, task],
    ),
  );
  let listener: (params: { task: Task }) => void = () => {};
  let asked = 0;
  const state = { fails: false };
  const client = {
    request: async (_: string, { before = count + 1 }: { before?: number }) => {
      asked += 1;
      await setImmediate();
      if (state.fails) throw new OspainError('unavailable', 'The server is gone.');
      const from = Math.max(1, before - 10);
      const tasks = [...all.values()].filter(
        (task) => task.number >= from && task.number < before && fits(task, filter),
      );
      return { tasks: tasks.reverse(), next: from > 1 ? from : null };
    },
    on: (_: string, heard: typeof listener) => {
      listener = heard;
      return () => {
        listener = () => {};
      };
    },
  } as unknown as Pick<Client, 'request' | 'on'>;
  return {
    state,
    client,
    get asked() {
      return asked;
    },
    tell: (task: Task) => listener({ task }),
  };
}

const settled = async () => {
  for (let n = 0; n < 200; n++) await setImmediate();
};

async function found(count: number, filter: TaskFilter) {
  const server = createServer(count, filter);
  const put: number[] = [];
  const tasks = createFoundTasks({ client: server.client, filter, put: ({ number }) => put.push(number) });
  await settled();
  const numbers = () => tasks.view().ids.map((id) => Number(id.slice(3)));
  return { server, tasks, put, numbers };
}

const odd: TaskFilter = { ...everything, text: 'ODD' };

test('it goes on until there are enough to show, and tells whoever shows them', async () => {
  const { tasks, put, numbers } = await found(500, odd);
  assert.equal(numbers().length, 100);
  assert.deepEqual(numbers().slice(0, 3), [499, 497, 495]);
  assert.deepEqual([tasks.view().isWhole, tasks.view().loading], [false, false]);
  assert.equal(put.length, 100);
  tasks.more();
  await settled();
  assert.equal(numbers().length, 200);
  assert.equal(new Set(numbers()).size, 200);
});

test('at the end nobody is asked any more', async () => {
  const { server, tasks, numbers } = await found(25, odd);
  assert.deepEqual([numbers().length, tasks.view().isWhole, server.asked], [13, true, 3]);
  tasks.more();
  await settled();
  assert.equal(server.asked, 3);
});

test('what changes comes and goes; what stands further down comes with its page', async () => {
  const { server, tasks, numbers } = await found(500, { ...odd, show: 'active' });
  server.tell(taskWith({ number: 499, instruction: 'odd', status: 'done' }));
  assert.deepEqual(numbers().slice(0, 2), [497, 495]);
  server.tell(taskWith({ number: 501, instruction: 'odd' }));
  server.tell(taskWith({ number: 502, instruction: 'even' }));
  server.tell(taskWith({ number: 3, instruction: 'odd' }));
  assert.deepEqual(numbers().slice(0, 2), [501, 497]);
  assert.ok(!numbers().includes(3));
  tasks.dispose();
  server.tell(taskWith({ number: 503, instruction: 'odd' }));
  assert.ok(!numbers().includes(503));
});

test('a failure is told, and what was found before stays; again begins anew', async () => {
  const { server, tasks, numbers } = await found(500, odd);
  server.state.fails = true;
  tasks.more();
  await settled();
  assert.equal(OspainError.from(tasks.view().error).code, 'unavailable');
  assert.equal(numbers().length, 100);
  server.state.fails = false;
  tasks.again();
  await settled();
  assert.deepEqual([tasks.view().error, numbers().length], [undefined, 100]);
});

test('what a person wants to see is what the server is asked for', () => {
  assert.deepEqual(searchOf({ show: 'forPerson', kind: 'plan', text: ' a b ' }), {
    text: 'a b',
    forPerson: true,
    kind: ['plan'],
  });
  assert.deepEqual(searchOf({ ...everything, show: 'failed' }), { text: '', forPerson: false, status: ['failed'] });
  const forPerson = { ...everything, show: 'forPerson' as const };
  assert.ok(fits(taskWith({ status: 'paused', approval: 3 }), forPerson));
  assert.ok(fits(taskWith({ status: 'done', proposal: 'open' }), forPerson));
  assert.ok(fits(taskWith({ status: 'done', kind: 'plan' }), forPerson));
  assert.ok(!fits(taskWith({ status: 'paused', waits: 'paused by a person' }), forPerson));
  assert.ok(!fits(taskWith({ kind: 'ask' }), { ...everything, kind: 'plan' }));
});
