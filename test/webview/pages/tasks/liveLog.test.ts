import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Client } from '../../../../protocol/client.ts';
import { OspainError } from '../../../../protocol/errors.ts';
import type { TaskEvent } from '../../../../protocol/events.ts';
import { createLiveLog } from '../../../../webview/pages/tasks/liveLog.ts';

const piece = (seq: number, taskId = 't'): TaskEvent => ({
  taskId,
  seq,
  at: 0,
  type: 'text',
  data: { turn: 1, text: `${seq} ` },
});

/** A server's log as far as it has been written, and what a client hears of it. */
function createPast() {
  const events: TaskEvent[] = [];
  const listeners = new Map<string, (params: never) => void>();
  const asked: number[] = [];
  let fails = false;
  const client = {
    request: async (_: string, { after = 0, limit = 1000 }: { after?: number; limit?: number }) => {
      asked.push(after);
      const answer = events.filter(({ seq }) => seq > after).slice(0, limit);
      await setImmediate();
      if (fails) throw new OspainError('unavailable', 'The server is gone.');
      return { events: answer };
    },
    on: (method: string, listener: (params: never) => void) => {
      listeners.set(method, listener);
      return () => listeners.delete(method);
    },
  } as unknown as Pick<Client, 'request' | 'on'>;
  return {
    asked,
    listeners,
    events,
    write: (count: number) => {
      for (let n = 0; n < count; n++) events.push(piece(events.length + 1));
    },
    tell: (event: TaskEvent) => listeners.get('task/didEvent')?.({ event } as never),
    restored: () => listeners.get('backup/didRestore')?.({} as never),
    set fails(value: boolean) {
      fails = value;
    },
    open: (throttled = (run: () => void) => run) => createLiveLog({ client, taskId: 't', throttled }),
  };
}

const textOf = ({ view }: ReturnType<typeof createLiveLog>) => {
  const [block] = view().blocks;
  return block?.type === 'turn' ? block.text.trim().split(' ').map(Number) : [];
};
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);
const settled = async () => {
  for (let n = 0; n < 10; n++) await setImmediate();
};

test('what happened before is replayed, page after page, and what comes follows it', async () => {
  const past = createPast();
  past.write(2500);
  const log = past.open();
  assert.equal(log.view().state, 'loading');
  await settled();
  assert.equal(log.view().state, 'live');
  assert.deepEqual(past.asked, [0, 1000, 2000]);
  past.tell(piece(2501));
  assert.deepEqual(textOf(log), upTo(2501));
});

test('events that come while the past is loaded are neither lost nor told twice', async () => {
  const past = createPast();
  past.write(3);
  const log = past.open();
  past.write(2);
  past.tell(piece(4));
  past.tell(piece(5));
  await settled();
  assert.deepEqual(textOf(log), upTo(5));
});

test('a gap is filled by asking', async () => {
  const past = createPast();
  past.write(1);
  const log = past.open();
  await settled();
  past.write(4);
  past.tell(piece(5));
  assert.deepEqual(textOf(log), [1]);
  await settled();
  assert.deepEqual(textOf(log), upTo(5));
  past.tell(piece(3));
  assert.deepEqual(textOf(log), upTo(5));
});

test('events of other tasks are passed over', async () => {
  const past = createPast();
  past.write(1);
  const log = past.open();
  await settled();
  past.tell(piece(2, 'another'));
  past.tell(piece(9, 'another'));
  await settled();
  assert.deepEqual(past.asked, [0]);
  assert.deepEqual(textOf(log), [1]);
});

test('what was missed while there was no line is caught up with; until then it says what is wrong', async () => {
  const past = createPast();
  past.write(2);
  past.fails = true;
  const log = past.open();
  await settled();
  assert.equal(log.view().state, 'failed');
  assert.equal(log.view().problem?.code, 'unavailable');
  past.fails = false;
  log.catchUp();
  await settled();
  assert.deepEqual([log.view().state, log.view().problem], ['live', undefined]);
  assert.deepEqual(textOf(log), upTo(2));
});

test('after a restore the task is read anew', async () => {
  const past = createPast();
  past.write(5);
  const log = past.open();
  await settled();
  past.events.length = 2;
  past.restored();
  await settled();
  assert.deepEqual(textOf(log), upTo(2));
});

test('any number of events is one picture, and none once nobody looks', async () => {
  const past = createPast();
  past.write(1);
  let run = () => {};
  let asked = 0;
  const log = past.open((show) => {
    run = show;
    return () => {
      asked += 1;
    };
  });
  await settled();
  let shown = 0;
  log.subscribe(() => {
    shown += 1;
  });
  for (let seq = 2; seq <= 200; seq++) past.tell(piece(seq));
  assert.equal(shown, 0);
  assert.ok(asked >= 199);
  run();
  assert.equal(shown, 1);
  assert.deepEqual(textOf(log), upTo(200));
  log.dispose();
  run();
  assert.equal(shown, 1);
  assert.equal(past.listeners.size, 0);
});
