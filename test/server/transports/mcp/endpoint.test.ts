import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createEventHistory } from '../../../../server/transports/mcp/eventHistory.ts';
import { createSessions } from '../../../../server/transports/mcp/sessions.ts';
import { conformanceOffer } from '../../../contract/conformanceOffer.ts';
import { createMemory, type Memory } from '../../../contract/memory.ts';
import { type ServedApi, serveApi, statusOf } from '../api/serveApi.ts';

const ERAS = ['2025-11-25', '2026-07-28'] as const;

async function connected({ api, token }: ServedApi, era: (typeof ERAS)[number]): Promise<Client & AsyncDisposable> {
  const options = era === '2026-07-28' ? { versionNegotiation: { mode: { pin: era } } } : {};
  const client = new Client({ name: 'test', version: '1.0.0' }, options);
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${api.url}/mcp`), { requestInit: { headers } }));
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

const text = (result: { content?: unknown }): string =>
  (result.content as { text?: string }[] | undefined)?.map(({ text: words = '' }) => words).join('\n') ?? '';

const until = async (is: () => boolean) => {
  while (!is()) await setImmediate();
};

/** What one raw POST is answered. */
async function post({ fetch }: ServedApi, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch('/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, response, text: await response.text() };
}

const HELLO = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

for (const era of ERAS)
  describe(`the Model Context Protocol ${era} over HTTP`, { timeout: 60_000 }, () => {
    const serve = async () => {
      const memory = createMemory();
      const served = await serveApi({ memory });
      return { memory, served };
    };

    it('offers tasks and models, and leaves what edits become to a person', async () => {
      const { served } = await serve();
      await using _served = served;
      await using client = await connected(served, era);
      const { tools } = await client.listTools();
      const names = tools.map(({ name }) => name);
      for (const name of ['submit_task', 'wait_for_task', 'show_proposal', 'list_models'])
        assert.ok(names.includes(name));
      assert.ok(!names.some((name) => /accept|reject|undo/.test(name)), names.join());
      for (const { name, annotations } of tools)
        assert.equal(annotations?.readOnlyHint, !['submit_task', 'cancel_task', 'add_note'].includes(name), name);
      const instruction = 'Explain src/limits.ts';
      const submitted = await client.callTool({ name: 'submit_task', arguments: { instruction, kind: 'ask' } });
      assert.match(text(submitted), /^Task 1 \(ask\) is pending\./);
      assert.match(text(await client.callTool({ name: 'list_tasks', arguments: {} })), /^1 pending: Explain src/);
      const shown = await client.callTool({ name: 'show_task', arguments: { task: 1 } });
      assert.equal((shown.structuredContent as { task: { status: string } }).task.status, 'pending');
      assert.match(text(await client.callTool({ name: 'cancel_task', arguments: { task: '1' } })), /is cancelled/);
    });

    it('answers what cannot be done with the reason', async () => {
      const { served } = await serve();
      await using _served = served;
      await using client = await connected(served, era);
      const missing = await client.callTool({ name: 'show_task', arguments: { task: 77 } });
      assert.deepEqual([missing.isError, text(missing)], [true, 'not_found: There is no task 77. List the tasks.']);
      const wrong = await client.callTool({ name: 'submit_task', arguments: { instruction: '' } });
      assert.equal(wrong.isError, true);
      await assert.rejects(client.readResource({ uri: 'ospain2://tasks/77' }), /not_found: There is no task 77/);
      await assert.rejects(client.readResource({ uri: 'file:///etc/passwd' }), /not found/);
    });

    it('tells who waits for a task how it is, and answers with its end', async () => {
      const { memory, served } = await serve();
      await using _served = served;
      await using client = await connected(served, era);
      await memory.dispatch('task/submit', { instruction: 'Wait.' });
      const told: string[] = [];
      const waiting = client.callTool(
        { name: 'wait_for_task', arguments: { task: 1 } },
        { onprogress: ({ message = '' }) => void told.push(message) },
      );
      await until(() => told.length > 0);
      await memory.dispatch('task/cancel', { taskId: '1' });
      assert.match(text(await waiting), /is cancelled/);
      assert.equal(told[0], 'Task 1: waits for its turn');
      const late = await client.callTool({ name: 'wait_for_task', arguments: { task: 1, seconds: 0 } });
      assert.match(text(late), /is cancelled/);
    });

    it('cancels the task of a call that is given up', async () => {
      const { memory, served } = await serve();
      await using _served = served;
      await using client = await connected(served, era);
      const giveUp = new AbortController();
      const call = client.callTool(
        { name: 'submit_task', arguments: { instruction: 'Wait.', wait: true } },
        { signal: giveUp.signal, onprogress: () => giveUp.abort(new Error('enough')) },
      );
      await assert.rejects(call, /enough/);
      const status = async () => {
        const outcome = await memory.dispatch('task/show', { taskId: '1' });
        return outcome.ok ? (outcome.result as { task: { status: string } }).task.status : '';
      };
      while ((await status()) !== 'cancelled') await setImmediate();
    });

    it('gives resources, suggests what fills their addresses, and a prompt', async () => {
      const { memory, served } = await serve();
      await using _served = served;
      await using client = await connected(served, era);
      await memory.dispatch('task/submit', { instruction: 'Say\nsomething.' });
      const { resources } = await client.listResources();
      assert.deepEqual(
        resources.map(({ uri }) => uri),
        ['ospain2://tasks', 'ospain2://models', 'ospain2://tasks/1'],
      );
      const [task] = (await client.readResource({ uri: 'ospain2://tasks/1' })).contents;
      assert.equal(JSON.parse(String(task && 'text' in task && task.text)).instruction, 'Say\nsomething.');
      const [events] = (await client.readResource({ uri: 'ospain2://tasks/1/events' })).contents;
      assert.match(String(events && 'text' in events && events.text), /^\{"taskId":.*"type":"submitted"/);
      const uri = 'ospain2://tasks/{task}/result';
      const { completion } = await client.complete({
        ref: { type: 'ref/resource', uri },
        argument: { name: 'task', value: '' },
      });
      assert.deepEqual(completion.values, ['1']);
      assert.deepEqual(
        (await client.listPrompts()).prompts.map(({ name }) => name),
        ['review_proposal'],
      );
    });
  });

describe('news of the Model Context Protocol', { timeout: 60_000 }, () => {
  it('reach the sessions that asked for them', async () => {
    const memory = createMemory();
    await using served = await serveApi({ memory });
    await using client = await connected(served, '2025-11-25');
    await using other = await connected(served, '2025-11-25');
    const heard: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
    client.setNotificationHandler('notifications/resources/list_changed', () => void heard.push('list'));
    client.setNotificationHandler('notifications/message', ({ params }) => void heard.push(String(params.data)));
    other.setNotificationHandler('notifications/resources/updated', () => assert.fail('it did not ask'));
    const news = (level: 'info' | 'debug', message: string) =>
      memory.notify({ method: 'server/didLog', params: { level, message } });
    // Until the client's stream is open nothing comes.
    while (heard.length === 0) {
      news('info', 'here');
      await setImmediate();
    }
    await client.subscribeResource({ uri: 'ospain2://tasks/1' });
    heard.length = 0;
    await memory.dispatch('task/submit', { instruction: 'One.' });
    await memory.dispatch('task/submit', { instruction: 'Two.' });
    news('debug', 'not for others');
    news('info', 'end');
    await until(() => heard.includes('end'));
    assert.deepEqual(
      heard.filter((what) => what !== 'here'),
      ['ospain2://tasks/1', 'list', 'list', 'end'],
    );
    await client.unsubscribeResource({ uri: 'ospain2://tasks/1' });
    heard.length = 0;
    await memory.dispatch('task/cancel', { taskId: '1' });
    news('info', 'end');
    await until(() => heard.includes('end'));
    assert.deepEqual(heard, ['list', 'end']);
  });

  it('reach a newer client over the stream that it opened', async () => {
    const memory = createMemory();
    await using served = await serveApi({ memory });
    await using client = await connected(served, '2026-07-28');
    const heard: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
    client.setNotificationHandler('notifications/resources/list_changed', () => void heard.push('list'));
    const stream = await client.listen({ resourcesListChanged: true, resourceSubscriptions: ['ospain2://tasks/1'] });
    await memory.dispatch('task/submit', { instruction: 'One.' });
    await memory.dispatch('task/submit', { instruction: 'Two.' });
    await until(() => heard.length === 3);
    assert.deepEqual(heard, ['ospain2://tasks/1', 'list', 'list']);
    await stream.close();
  });
});

describe('the gate of the Model Context Protocol', { timeout: 60_000 }, () => {
  it('lets nobody in without the token, nor a page of another site', async () => {
    await using served = await serveApi();
    const at = `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${served.api.port}\r\nConnection: close\r\n`;
    const json = 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
    const bare = await served.raw(`${at}${json}`);
    assert.equal(statusOf(bare), 401);
    assert.match(bare, /"jsonrpc":"2\.0","id":null,"error":\{"code":-32045,/);
    const foreign = await served.raw(
      `${at}Origin: http://evil.example\r\nAuthorization: Bearer ${served.token}\r\n${json}`,
    );
    assert.equal(statusOf(foreign), 403);
  });

  it('is not there for other machines, whatever they know', async (t) => {
    await using served = await serveApi({ lan: true });
    const [address] = served.api.addresses;
    // From there a request comes as from another machine.
    if (address === undefined) return t.skip('this machine has no address in a network');
    const headers = { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' };
    const response = await fetch(`${address}/mcp`, { method: 'POST', headers, body: JSON.stringify(HELLO) });
    assert.equal(response.status, 403);
    assert.match(await response.text(), /on this machine only/);
  });

  it('refuses what is no message, what is too large, and sessions that nobody began', async () => {
    await using served = await serveApi({ limits: { bodyBytes: 5000 } });
    assert.deepEqual([(await post(served, '{')).status, (await post(served, '7')).status], [400, 400]);
    assert.equal((await post(served, `{"a":"${'x'.repeat(6000)}"}`)).status, 413);
    const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
    assert.equal((await post(served, list)).status, 400);
    assert.equal((await post(served, list, { 'mcp-session-id': 'nobody' })).status, 404);
    assert.equal((await post(served, HELLO, { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await served.fetch('/mcp', { method: 'PUT' })).status, 405);
  });

  it('goes on behind the last event that a client saw, and forgets a session that it ended', async () => {
    await using served = await serveApi();
    const hello = await post(served, HELLO);
    const session = { 'mcp-session-id': hello.response.headers.get('mcp-session-id') ?? '' };
    const call = { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} };
    const answer = await post(served, call, { ...session, 'mcp-protocol-version': '2025-11-25' });
    const first = /^id: (\d+)$/m.exec(answer.text)?.[1] ?? '';
    const again = await served.fetch('/mcp', {
      headers: { ...session, accept: 'text/event-stream', 'last-event-id': first },
    });
    assert.match(await again.text(), /"id":2\}/);
    assert.equal((await served.fetch('/mcp', { method: 'DELETE', headers: session })).status, 200);
    assert.equal((await post(served, call, session)).status, 404);
  });

  it('cuts a client that does not read', async () => {
    const memory: Memory = createMemory();
    await using served = await serveApi({ memory, limits: { bufferBytes: 100_000 } });
    const id = (await post(served, HELLO)).response.headers.get('mcp-session-id');
    const slow = connect({ port: served.api.port, host: '127.0.0.1' });
    slow.on('error', () => {});
    const closed = new Promise((resolve) => slow.once('close', resolve));
    slow.write(
      `GET /mcp HTTP/1.1\r\nHost: 127.0.0.1:${served.api.port}\r\nAuthorization: Bearer ${served.token}\r\n` +
        `Accept: text/event-stream\r\nMcp-Session-Id: ${id}\r\n\r\n`,
    );
    await new Promise((resolve) => slow.once('readable', resolve));
    const said = 2000;
    for (let count = 0; count < said; count++) {
      memory.notify({ method: 'server/didLog', params: { level: 'info', message: 'x'.repeat(10_000) } });
      await setImmediate();
    }
    slow.resume();
    await closed;
    assert.ok(slow.bytesRead < said * 10_000, `${slow.bytesRead} bytes`);
  });
});

describe('createSessions', () => {
  const limits = { sessions: 2, idleMs: 1000, heartbeatMs: 0, retryMs: 1, history: { events: 10, size: 1000 } };
  const hello = () =>
    new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    });

  it('keeps a bounded number, and forgets whoever said nothing for longest', async () => {
    let now = 0;
    const sessions = createSessions(conformanceOffer, limits, () => now);
    const begin = async () => {
      const response = await sessions.handle(hello(), HELLO);
      await response.text();
      return response.headers.get('mcp-session-id') ?? '';
    };
    const ask = (id: string) =>
      sessions.handle(
        new Request(hello(), { headers: { ...Object.fromEntries(hello().headers), 'mcp-session-id': id } }),
        {
          ...{ jsonrpc: '2.0', id: 5, method: 'ping' },
        },
      );
    const [first, second] = [await begin(), await begin()];
    now = 10;
    await (await ask(first)).text();
    const third = await begin();
    assert.equal(sessions.size(), 2);
    assert.deepEqual(
      [(await ask(first)).status, (await ask(second)).status, (await ask(third)).status],
      [200, 404, 200],
    );
    // Both are being answered, so there is room for nobody.
    assert.equal((await sessions.handle(hello(), HELLO)).status, 503);
    await sessions.close();
    assert.equal(sessions.size(), 0);
  });
});

describe('createEventHistory', () => {
  it('keeps the newest, by number and by size', async () => {
    const history = createEventHistory({ events: 3, size: 400 });
    const store = (stream: string, words: string) =>
      history.storeEvent(stream, { jsonrpc: '2.0', method: 'notifications/message', params: { words } });
    const ids = [];
    for (const stream of ['a', 'b', 'a', 'a']) ids.push(await store(stream, stream));
    const [first = '', second = '', third = '', fourth = ''] = ids;
    assert.equal(await history.getStreamIdForEventId?.(first), undefined);
    const replay = async (id: string) => {
      const sent: string[] = [];
      const stream = await history.replayEventsAfter(id, { send: async (event) => void sent.push(event) });
      return [stream, ...sent];
    };
    assert.deepEqual(await replay(third), ['a', fourth]);
    assert.deepEqual(await replay(second), ['b']);
    await store('c', 'x'.repeat(330));
    assert.equal(await history.getStreamIdForEventId?.(fourth), undefined);
  });
});
