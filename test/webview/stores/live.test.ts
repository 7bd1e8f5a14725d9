import { deepEqual, equal, ok } from 'node:assert/strict';
import { it } from 'node:test';
import type { Client } from '../../../protocol/client.ts';
import type { LineState } from '../../../webview/line/line.ts';
import { createLiveStore } from '../../../webview/stores/live.ts';

interface Load {
  answer(value: string): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** A store whose loads the test answers, and whose messages and line are the test's own. */
function fixture() {
  const loads: Load[] = [];
  const followers = new Set<(update: (value: string) => string) => void>();
  const lines = new Set<(state: LineState) => void>();
  const settle = async (how: () => void) => {
    how();
    await new Promise(setImmediate);
  };
  const store = createLiveStore<string>({
    client: {} as Client,
    line: {
      onDidChangeState(listener) {
        lines.add(listener);
        return () => lines.delete(listener);
      },
    },
    source: {
      load: () =>
        new Promise((resolve, reject) => {
          loads.push({
            answer: (value) => settle(() => resolve(value)),
            fail: (error) => settle(() => reject(error)),
          });
        }),
      follow(_client, change) {
        followers.add(change);
        return () => followers.delete(change);
      },
    },
  });
  return {
    store,
    loads,
    said: (add: string) => {
      for (const change of followers) change((value) => value + add);
    },
    lineIs: (name: LineState['name']) => {
      for (const listener of lines) listener({ name } as LineState);
    },
    listeners: () => followers.size + lines.size,
  };
}

it('asks, shows what comes, and changes it by what the server says', async () => {
  const { store, loads, said } = fixture();
  store.start();
  deepEqual(store.getState(), { value: undefined, loading: true, error: undefined });
  await loads[0]?.answer('a');
  said('b');
  deepEqual(store.getState(), { value: 'ab', loading: false, error: undefined });
});

it('asks again when it heard something while the answer was on its way', async () => {
  const { store, loads, said } = fixture();
  store.start();
  said('b');
  await loads[0]?.answer('old');
  equal(loads.length, 2);
  await loads[1]?.answer('new');
  deepEqual(store.getState(), { value: 'new', loading: false, error: undefined });
});

it('keeps what it knew when it cannot be asked', async () => {
  const { store, loads } = fixture();
  store.start();
  await loads[0]?.answer('a');
  store.reload();
  const error = new Error('gone');
  await loads[1]?.fail(error);
  deepEqual(store.getState(), { value: 'a', loading: false, error });
  store.reload();
  await loads[2]?.answer('b');
  equal(store.getState().error, undefined);
});

it('asks again when the line was away, not when it opens first', async () => {
  const { store, loads, lineIs } = fixture();
  store.start();
  lineIs('opening');
  lineIs('open');
  equal(loads.length, 1);
  lineIs('waiting');
  lineIs('opening');
  lineIs('open');
  equal(loads.length, 2);
  await loads[0]?.answer('late');
  equal(store.getState().value, undefined, 'an earlier answer is not taken');
  await loads[1]?.answer('new');
  equal(store.getState().value, 'new');
});

it('hears nothing after its end, and can be started again', async () => {
  const { store, loads, listeners } = fixture();
  const stop = store.start();
  stop();
  equal(listeners(), 0);
  await loads[0]?.answer('a');
  equal(store.getState().value, undefined);
  store.start();
  ok(listeners() > 0);
  await loads[1]?.answer('b');
  equal(store.getState().value, 'b');
});
