import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MethodName, Notification, Params, Result } from '../../protocol/index.ts';
import type { App } from '../../server/app.ts';
import { openApp, serverFolders } from '../contract/app.ts';

/** One of several servers of a workspace, as its clients see it. */
interface Server {
  app: App;
  ask<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  /** The first message from now on that is so. */
  told(holds: (message: Notification) => boolean): Promise<Notification>;
}

async function openServer({ workspace, env }: ReturnType<typeof serverFolders>): Promise<Server> {
  const app = await openApp(workspace, env);
  return {
    app,
    async ask(method, params) {
      const answer = await app.dispatch(method, params, { signal: new AbortController().signal });
      assert.ok(answer.ok, JSON.stringify(answer));
      return answer.result as never;
    },
    told(holds) {
      const { promise, resolve } = Promise.withResolvers<Notification>();
      const stop = app.onNotification((message) => {
        if (!holds(message)) return;
        stop();
        resolve(message);
      });
      return promise;
    },
  };
}

const TEMPLATE = { instruction: 'Set RETRY_MAX to 5 in src/limits.ts.' };
/** Less than the minute after which a server looks by itself. */
const SOON = { timeout: 30_000 };

test('a schedule that another server makes, changes and removes is told at once', SOON, async (t) => {
  using folders = serverFolders();
  const [one, other] = [await openServer(folders), await openServer(folders)];
  try {
    const times: number[] = [];
    /** What the other server tells of what this one is asked for. */
    const across = async (holds: (message: Notification) => boolean, change: () => Promise<unknown>) => {
      const heard = other.told(holds);
      await change();
      const since = performance.now();
      const message = await heard;
      times.push(Math.round(performance.now() - since));
      return message;
    };
    const isChange = ({ method }: Notification) => method === 'schedule/didChange';
    const made = await across(isChange, () =>
      one.ask('schedule/create', { when: { cron: '0 2 * * *' }, template: TEMPLATE }),
    );
    assert.ok(made.method === 'schedule/didChange' && made.params.schedule.enabled);
    const scheduleId = made.params.schedule.id;
    const off = await across(isChange, () => one.ask('schedule/enable', { scheduleId, enabled: false }));
    assert.ok(off.method === 'schedule/didChange' && !off.params.schedule.enabled);
    const gone = await across(
      ({ method }) => method === 'schedule/didRemove',
      () => one.ask('schedule/remove', { scheduleId }),
    );
    assert.deepEqual(gone.params, { scheduleId });
    t.diagnostic(`told after ${times.join(', ')} ms`);
  } finally {
    await Promise.all([one.app.dispose(), other.app.dispose()]);
  }
});

test('a schedule of a server that is gone when it is due is not late', SOON, async () => {
  using folders = serverFolders();
  const [one, other] = [await openServer(folders), await openServer(folders)];
  try {
    const submitted = other.told(({ method, params }) => {
      return method === 'task/didEvent' && params.event.type === 'submitted';
    });
    const heard = other.told(({ method }) => method === 'schedule/didChange');
    await one.ask('schedule/create', { when: { at: Date.now() + 2000 }, template: TEMPLATE });
    await one.app.dispose();
    await heard;
    await submitted;
    const { schedules } = await other.ask('schedule/list', {});
    assert.deepEqual(
      schedules.map(({ nextAt }) => nextAt),
      [null],
    );
  } finally {
    await Promise.all([one.app.dispose(), other.app.dispose()]);
  }
});
