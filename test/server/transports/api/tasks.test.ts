import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Task, TaskEvent } from '../../../../protocol/index.ts';
import { createMemory, type Memory } from '../../../contract/memory.ts';
import { openSocket, refusalOf } from './hub/socket.ts';
import { type ServedApi, serveApi } from './serveApi.ts';

const id = '6f1c2a52-7a53-4c0e-9f0e-0d5d3c9b1a11';

const submit = async ({ post }: ServedApi, body: object = { id, instruction: 'Tidy up.' }): Promise<Task> =>
  (await (await post('/api/tasks', body)).json()) as Task;

/** What a stream of server-sent events said, until the server ended it. */
async function eventsIn(answer: Response): Promise<TaskEvent[]> {
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const blocks = (await answer.text()).split('\n\n').filter((block) => block !== '' && !block.startsWith(':'));
  return blocks.map((block) => {
    const [, seq, type, data = ''] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
    const event = TaskEvent.parse(JSON.parse(data));
    assert.deepEqual([String(event.seq), event.type], [seq, type]);
    return event;
  });
}

const say = (memory: Memory, times: number) => {
  for (let turn = 0; turn < times; turn++) memory.emit(id, 'text', { turn, text: 'x'.repeat(20) });
};
const end = ({ dispatch }: Pick<Memory, 'dispatch'>) => dispatch('task/cancel', { taskId: id });

const seqs = (events: readonly TaskEvent[]) => events.map(({ seq }) => seq);
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, at) => at + from);

describe('tasks over the API', { timeout: 60_000 }, () => {
  it('are submitted, once for one id, listed and shown', async () => {
    await using served = await serveApi();
    const answer = await served.post('/api/tasks', { id, instruction: 'Tidy up.', kind: 'ask' });
    assert.deepEqual([answer.status, answer.headers.get('location')], [201, `/api/tasks/${id}`]);
    const task = (await answer.json()) as Task;
    assert.deepEqual([task.id, task.kind, task.autoAccept], [id, 'ask', 'none']);
    assert.equal((await submit(served)).number, task.number);
    await submit(served, { instruction: 'Another.' });
    const list = async (query: string) =>
      (await (await served.fetch(`/api/tasks${query}`)).json()) as { tasks: Task[] };
    assert.equal((await list('')).tasks.length, 2);
    assert.equal((await list('?limit=1&status=pending&status=done')).tasks.length, 1);
    for (const ref of [id, task.number]) assert.deepEqual(await (await served.fetch(`/api/tasks/${ref}`)).json(), task);
  });

  it('pass their filter on as it was meant', async () => {
    const asked: unknown[] = [];
    await using served = await serveApi({
      dispatch: async (_method, params) => {
        asked.push(params);
        return { ok: true, result: { tasks: [], total: 0 } };
      },
    });
    await served.fetch('/api/tasks?status=done&parent=7&before=12&limit=3');
    await served.fetch('/api/tasks?status=done&status=failed');
    assert.deepEqual(asked, [
      { status: ['done'], parentId: '7', before: 12, limit: 3 },
      { status: ['done', 'failed'] },
    ]);
  });

  it('refuse what they do not know, and leave no decision to a program', async () => {
    await using served = await serveApi();
    for (const body of [
      {},
      { instruction: ' ' },
      { instruction: 'a', autoAccept: 'edits' },
      { instruction: 'a', more: 1 },
      [],
    ])
      assert.equal((await served.post('/api/tasks', body)).status, 400, JSON.stringify(body));
    for (const query of ['?status=sleeping', '?limit=0', '?limit=x', '?limit=1001', '?more=1', '?before=x'])
      assert.equal((await served.fetch(`/api/tasks${query}`)).status, 400, query);
    for (const path of ['/api/tasks/999', '/api/tasks/999/events']) {
      const answer = await served.fetch(path);
      assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [404, 'not_found'], path);
    }
    await submit(served);
    for (const path of [`/api/tasks/${id}/events?after=-1`, `/api/tasks/${id}/events?after=x`])
      assert.equal((await served.fetch(path)).status, 400, path);
    const wrong = await served.fetch(`/api/tasks/${id}/events`, { headers: { 'last-event-id': 'x' } });
    assert.equal(wrong.status, 400);
    assert.equal((await served.fetch('/api/tasks', { method: 'DELETE' })).status, 405);
  });

  it('are for this machine only', async () => {
    await using served = await serveApi({ lan: true });
    const headers = { authorization: `Bearer ${served.token}` };
    for (const address of served.api.addresses)
      assert.equal((await fetch(`${address}/api/tasks`, { headers })).status, 403);
    assert.equal((await served.fetch('/api/tasks')).status, 200);
  });

  it('answer a browser that was let in, and its changes only from our own page', async () => {
    await using served = await serveApi();
    const browser = await served.enter();
    const { url } = served.api;
    assert.equal((await fetch(`${url}/api/tasks`, { headers: browser })).status, 200);
    assert.equal((await fetch(`${url}/api/tasks`, { headers: { cookie: browser.cookie } })).status, 401);
    const write = async (headers: Record<string, string>) => {
      const body = JSON.stringify({ instruction: 'Delete everything.' });
      const more = { ...browser, 'content-type': 'application/json', ...headers };
      return (await fetch(`${url}/api/tasks`, { method: 'POST', headers: more, body })).status;
    };
    assert.equal(await write({}), 403);
    assert.equal(await write({ origin: 'http://evil.test' }), 403);
    assert.equal(await write({ origin: `http://127.0.0.1:${served.api.port + 1}` }), 403);
    assert.equal(await write({ origin: url, 'sec-fetch-site': 'cross-site' }), 403);
    // What a form of another page can send without being asked first.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      assert.equal(await write({ origin: url, 'content-type': type }), 415, type);
    assert.equal(((await (await served.fetch('/api/tasks')).json()) as { total: number }).total, 0);
    assert.equal(await write({ origin: url }), 201);
    assert.equal(await write({ origin: url, authorization: 'Bearer wrong' }), 401, 'a wrong token is no cookie');
  });
});

describe('the events of a task over the API', { timeout: 60_000 }, () => {
  it('come in order from the first one, while they happen, until it has ended', async () => {
    const memory = createMemory();
    await using served = await serveApi({ memory });
    const { number } = await submit(served);
    say(memory, 600);
    const answer = await served.fetch(`/api/tasks/${number}/events`);
    say(memory, 600);
    await end(memory);
    assert.deepEqual(seqs(await eventsIn(answer)), upTo(1202));
  });

  it('go on behind the last one that was heard, and say when there will be none', async () => {
    const memory = createMemory();
    await using served = await serveApi({ memory });
    await submit(served);
    say(memory, 9);
    const from = (seq: number, query = '') =>
      served.fetch(`/api/tasks/${id}/events${query}`, { headers: { 'last-event-id': String(seq) } });
    const waiting = await from(8, '?after=2');
    await end(memory);
    assert.deepEqual(seqs(await eventsIn(waiting)), [9, 10, 11]);
    assert.deepEqual(seqs(await eventsIn(await from(10))), [11]);
    assert.equal((await from(11)).status, 204);
    assert.deepEqual(seqs(await eventsIn(await served.fetch(`/api/tasks/${id}/events?after=9`))), [10, 11]);
    assert.deepEqual(seqs(await eventsIn(await served.fetch(`/api/tasks/${id}/events?after=11`))), []);
  });

  it('come over a WebSocket too', async () => {
    const memory = createMemory();
    await using served = await serveApi({ memory });
    await submit(served);
    say(memory, 600);
    const headers = { authorization: `Bearer ${served.token}` };
    const at = (query: string) => `${served.api.url}/api/tasks/${id}/events${query}`;
    await using all = await openSocket(at(''), { headers });
    await using late = await openSocket(at('?after=600'), { headers });
    const heard: TaskEvent[] = [];
    for (let turn = 0; turn < 601; turn++) heard.push(TaskEvent.parse(await all.next()));
    assert.deepEqual(seqs(heard), upTo(601));
    assert.equal(TaskEvent.parse(await late.next()).seq, 601);
    await end(memory);
    assert.equal(TaskEvent.parse(await all.next()).type, 'cancelled');
    assert.deepEqual([await all.closed, await late.closed], [1000, 1000]);
  });

  it('are refused over a WebSocket as elsewhere', async () => {
    await using served = await serveApi();
    await submit(served);
    const [at, origin] = [`${served.api.url}/api/tasks/${id}/events`, served.api.url];
    const browser = await served.enter();
    assert.equal(await refusalOf(at), 401);
    assert.equal(await refusalOf(at, { headers: { authorization: 'Bearer wrong' } }), 401);
    assert.equal(await refusalOf(at, { headers: browser }), 403);
    assert.equal(await refusalOf(at, { headers: browser, origin: 'http://evil.test' }), 403);
    assert.equal(await refusalOf(at, { headers: browser, origin }), 101);
    const headers = { authorization: `Bearer ${served.token}` };
    await using unknown = await openSocket(at.replace(id, '99'), { headers });
    assert.equal(await unknown.closed, 4404);
    await using wrong = await openSocket(`${at}?after=x`, { headers });
    assert.equal(await wrong.closed, 4400);
  });

  it('end for a client that hangs up', async () => {
    const memory = createMemory();
    let listeners = 0;
    const watched = {
      ...memory,
      onNotification(listener: Parameters<Memory['onNotification']>[0]) {
        listeners += 1;
        const stop = memory.onNotification(listener);
        return () => {
          listeners -= 1;
          stop();
        };
      },
    };
    await using served = await serveApi({ memory: watched });
    await submit(served);
    const before = listeners;
    const controller = new AbortController();
    const answer = await served.fetch(`/api/tasks/${id}/events`, { signal: controller.signal });
    const reader = answer.body?.getReader();
    await reader?.read();
    assert.equal(listeners, before + 1);
    controller.abort();
    while (listeners > before) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});
