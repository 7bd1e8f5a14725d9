import { deepEqual, equal, ok } from 'node:assert/strict';
import { it } from 'node:test';
import type { Client } from '../../../protocol/client.ts';
import { OspainError } from '../../../protocol/errors.ts';
import type { Task } from '../../../protocol/tasks.ts';
import { createTasksStore } from '../../../webview/stores/tasks.ts';

const task = (number: number, change: Partial<Task> = {}): Task => ({
  id: `t${number}`,
  number,
  kind: 'agent',
  instruction: `Task ${number}`,
  context: null,
  status: 'pending',
  model: 'default',
  autoAccept: 'none',
  parentId: null,
  continues: null,
  dependsOn: [],
  priority: 0,
  notBefore: 0,
  attempts: 0,
  maxAttempts: 3,
  dead: false,
  waits: null,
  children: { total: 0, ended: 0 },
  progress: null,
  result: null,
  error: null,
  proposal: null,
  approval: null,
  lastSeq: 1,
  createdAt: number,
  updatedAt: number,
  ...change,
});

interface Asked {
  readonly params: { parentId?: string | null; before?: number; limit?: number };
  answer(tasks: readonly Task[], total: number): Promise<void>;
  fail(error: OspainError): Promise<void>;
}

/** A store whose requests the test answers, and whose messages are drawn when the test says so. */
function fixture() {
  const asked: Asked[] = [];
  let listener: (params: { task: Task }) => void = () => {};
  let draw = () => {};
  const client: Client = {
    request: (_method, params) =>
      new Promise((resolve, reject) => {
        const later = async (settle: () => void) => {
          settle();
          await new Promise((done) => setImmediate(done));
        };
        asked.push({
          params: params as Asked['params'],
          answer: (tasks, total) => later(() => resolve({ tasks, total } as never)),
          fail: (error) => later(() => reject(error)),
        });
      }),
    on(_method, heard) {
      listener = heard as never;
      return () => {
        listener = () => {};
      };
    },
    close: async () => {},
  };
  const store = createTasksStore({
    client,
    soon: (callback) => {
      draw = callback;
    },
  });
  return {
    store,
    asked,
    hear: (changed: Task) => listener({ task: changed }),
    draw: () => draw(),
    level: (parentId: string | null = null) => store.getState().levels.get(parentId),
  };
}

const numbers = (from: number, to: number): Task[] => Array.from({ length: from - to + 1 }, (_, at) => task(from - at));

it('loads a level page by page, each once', async () => {
  const { store, asked, level } = fixture();
  store.open(null);
  store.open(null);
  equal(asked.length, 1);
  deepEqual(asked[0]?.params, { parentId: null, limit: 500 });
  await asked[0]?.answer(numbers(700, 201), 700);
  equal(level()?.ids.length, 500);
  store.more(null);
  store.more(null);
  equal(asked.length, 2);
  equal(asked[1]?.params.before, 201);
  await asked[1]?.answer(numbers(200, 1), 700);
  equal(level()?.ids.length, 700);
  equal(level()?.ids.at(-1), 't1');
  store.more(null);
  equal(asked.length, 2);
});

it('puts new tasks on top, changes known ones, and draws many messages as one', async () => {
  const { store, asked, hear, draw, level } = fixture();
  store.open(null);
  await asked[0]?.answer(numbers(2, 1), 2);
  let draws = 0;
  store.subscribe(() => {
    draws += 1;
  });
  hear(task(4));
  hear(task(3));
  hear(task(1, { status: 'done', lastSeq: 5 }));
  hear(task(1, { status: 'running', lastSeq: 3 }));
  hear(task(9, { parentId: 't1' }));
  draw();
  equal(draws, 1);
  deepEqual(level()?.ids, ['t4', 't3', 't2', 't1']);
  equal(level()?.total, 4);
  equal(store.getState().tasks.get('t1')?.status, 'done');
  equal(store.getState().tasks.get('t9')?.parentId, 't1');
  equal(level('t1'), undefined);
  // An older snapshot that comes late changes nothing.
  hear(task(1, { status: 'running', lastSeq: 4 }));
  draw();
  equal(store.getState().tasks.get('t1')?.status, 'done');
});

it('keeps a task that came while its page was on the way, once', async () => {
  const { store, asked, hear, level } = fixture();
  store.open(null);
  hear(task(3));
  hear(task(2, { lastSeq: 4 }));
  await asked[0]?.answer(numbers(2, 1), 2);
  deepEqual(level()?.ids, ['t3', 't2', 't1']);
  equal(level()?.total, 3);
  equal(store.getState().tasks.get('t2')?.lastSeq, 4);
});

it('asks for all that it shows again, and drops answers of before', async () => {
  const { store, asked, level } = fixture();
  store.open(null);
  store.open('t1');
  store.resync();
  equal(asked.length, 4);
  await asked[0]?.answer(numbers(1, 1), 1);
  equal(level()?.ids.length, 0);
  await asked[2]?.answer(numbers(2, 1), 2);
  await asked[3]?.answer([], 0);
  deepEqual(level()?.ids, ['t2', 't1']);
  equal(level('t1')?.loading, false);
});

it('says why a page did not come, and forgets it when the next one does', async () => {
  const { store, asked, level } = fixture();
  store.open(null);
  await asked[0]?.fail(new OspainError('unavailable', 'It is away.'));
  ok(level()?.error instanceof OspainError);
  equal(level()?.loading, false);
  store.resync();
  equal(level()?.error, undefined);
  await asked[1]?.answer(numbers(1, 1), 1);
  deepEqual(level()?.ids, ['t1']);
});
