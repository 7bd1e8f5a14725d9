import assert, { deepEqual, equal, rejects } from 'node:assert/strict';
import { it } from 'node:test';
import { createLine, type Line } from '../../../webview/line/line.ts';
import type { PipeEvents } from '../../../webview/line/pipe.ts';

const lost = { message: 'It was lost.', hint: 'Wait.', final: false };

/** A line over pipes that the test opens, feeds and ends by hand. */
function linked() {
  const pipes: (PipeEvents & { sent: unknown[]; closed: boolean })[] = [];
  const timers: { ms: number; callback: () => void; off: boolean }[] = [];
  const line: Line = createLine({
    open(events) {
      const pipe = { ...events, sent: [] as unknown[], closed: false };
      pipes.push(pipe);
      return {
        send: (frame) => void pipe.sent.push(frame),
        close: () => {
          pipe.closed = true;
        },
      };
    },
    delay(ms, callback) {
      const timer = { ms, callback, off: false };
      timers.push(timer);
      return () => {
        timer.off = true;
      };
    },
    random: () => 0,
  });
  const pipe = (at: number) => {
    const found = pipes.at(at);
    assert(found !== undefined, `no pipe ${at}`);
    return found;
  };
  return { line, pipes, pipe, timers };
}

it('asks once the pipe is open, and gives each its own answer', async () => {
  const { line, pipe } = linked();
  const first = line.request('task/list', {});
  const second = line.request('task/show', { taskId: '1' });
  deepEqual(pipe(0).sent, []);
  pipe(0).onOpen();
  deepEqual(pipe(0).sent, [
    { id: 1, method: 'task/list', params: {} },
    { id: 2, method: 'task/show', params: { taskId: '1' } },
  ]);
  pipe(0).onFrame({ id: 2, error: { code: 'not_found', message: 'There is no task 1.', hint: 'List them.' } });
  pipe(0).onFrame({ id: 1, result: { tasks: [] } });
  deepEqual(await first, { tasks: [] });
  await rejects(second, { code: 'not_found', hint: 'List them.' });
});

it('hears notifications, and nothing of frames that are none', async () => {
  const { line, pipe } = linked();
  const heard: unknown[] = [];
  const stop = line.onNotification(({ method }) => heard.push(method));
  pipe(0).onOpen();
  for (const junk of [undefined, null, 7, 'x', [], {}, { id: 0, result: 1 }, { id: 1 }, { id: 1, error: {} }])
    pipe(0).onFrame(junk);
  pipe(0).onFrame({ id: 99, result: 'of nobody' });
  pipe(0).onFrame({ method: 'queue/didChange', params: { paused: true, counts: {} } });
  deepEqual(heard, ['queue/didChange']);
  stop();
  pipe(0).onFrame({ method: 'queue/didChange', params: { paused: true, counts: {} } });
  equal(heard.length, 1);
});

it('tells the server what is not wanted any more, and waits for its answer', async () => {
  const { line, pipe } = linked();
  pipe(0).onOpen();
  const controller = new AbortController();
  const asked = line.request('task/list', {}, { signal: controller.signal });
  controller.abort();
  deepEqual(pipe(0).sent.at(-1), { id: 1, cancel: true });
  pipe(0).onFrame({ id: 1, error: { code: 'cancelled', message: 'It was called off.' } });
  await rejects(asked, { code: 'cancelled' });
  await rejects(line.request('task/list', {}, { signal: AbortSignal.abort() }), { code: 'cancelled' });
  equal(pipe(0).sent.length, 2);
});

it('fails what was asked when the pipe ends, and opens another after a while', async () => {
  const { line, pipe, pipes, timers } = linked();
  const states: string[] = [];
  line.onDidChangeState(({ name }) => states.push(name));
  pipe(0).onOpen();
  const asked = line.request('task/list', {});
  pipe(0).onClose(lost);
  await rejects(asked, { code: 'unavailable', message: 'It was lost.', hint: 'Wait.' });
  await rejects(line.request('task/list', {}), { code: 'unavailable' });
  equal(pipes.length, 1);
  timers[0]?.callback();
  pipe(1).onOpen();
  const again = line.request('task/list', {});
  // What the old pipe says late is of nobody.
  pipe(0).onFrame({ id: 2, result: 'old' });
  pipe(0).onClose(lost);
  pipe(1).onFrame({ id: 2, result: 'new' });
  equal(await again, 'new');
  deepEqual(states, ['open', 'waiting', 'opening', 'open']);
});

it('waits longer each time until it was open again, and not at all when it is told', () => {
  const { line, pipe, pipes, timers } = linked();
  for (let turn = 0; turn < 7; turn++) {
    pipe(-1).onClose(lost);
    timers.at(-1)?.callback();
  }
  deepEqual(
    timers.map(({ ms }) => ms),
    [250, 500, 1000, 2000, 4000, 8000, 8000],
  );
  pipe(-1).onOpen();
  pipe(-1).onClose(lost);
  equal(timers.at(-1)?.ms, 250);
  const before = pipes.length;
  line.reopen();
  equal(pipes.length, before + 1);
  equal(timers.at(-1)?.off, true);
});

it('stays closed where another try would end the same way', async () => {
  const { line, pipe, pipes, timers } = linked();
  pipe(0).onClose({ ...lost, final: true });
  equal(line.state.name, 'closed');
  equal(timers.length, 0);
  line.reopen();
  equal(pipes.length, 2);
  await line.close();
  equal(pipe(1).closed, true);
  await rejects(line.request('task/list', {}), { code: 'unavailable' });
});
