import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import type { ConnectionState } from '../../../extension/connection.ts';
import { Unready } from '../../../extension/problem.ts';
import { createHubRelay } from '../../../extension/views/hubRelay.ts';
import type { Client, RequestOptions } from '../../../protocol/client.ts';
import { OspainError } from '../../../protocol/errors.ts';
import type { Notification } from '../../../protocol/methods.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A relay over a connection that the test plays. */
function fixture() {
  const posted: unknown[] = [];
  const ran: unknown[] = [];
  const requests: { method: string; options: RequestOptions | undefined }[] = [];
  let tell = (_notification: Notification) => {};
  let change = (_state: ConnectionState) => {};
  let refusal: Error | undefined;
  let answer: (method: string) => Promise<unknown> = async () => ({});
  const client = {
    request: (method: string, _params: unknown, options?: RequestOptions) => {
      requests.push({ method, options });
      return answer(method);
    },
  } as unknown as Client;
  const relay = createHubRelay({
    connection: {
      connect: async () => {
        if (refusal !== undefined) throw refusal;
        return client;
      },
      onMessage: (listener) => {
        tell = listener;
        return { dispose: () => {} };
      },
      onDidChangeState: (listener) => {
        change = listener;
        return { dispose: () => {} };
      },
    },
    post: (frame) => posted.push(frame),
    run: (command, args) => ran.push([command, ...args]),
    open: (address) => ran.push(address),
  });
  return {
    relay,
    posted,
    ran,
    requests,
    tell: (notification: Notification) => tell(notification),
    change: (state: ConnectionState) => change(state),
    refuse: (error: Error | undefined) => {
      refusal = error;
    },
    answers: (next: typeof answer) => {
      answer = next;
    },
  };
}

it('opens the line, then carries requests, answers, errors and messages', async () => {
  const { relay, posted, tell, answers } = fixture();
  const message = { method: 'queue/didChange', params: { paused: false, counts: {} } } as const;
  tell(message);
  relay.hear({ ready: true });
  await settled();
  tell(message);
  relay.hear({ id: 1, method: 'task/list', params: {} });
  await settled();
  answers(() => Promise.reject(new OspainError('not_found', 'There is none.', { hint: 'List them.' })));
  relay.hear({ id: 2, method: 'task/show', params: {} });
  await settled();
  deepEqual(posted, [
    { line: 'open' },
    message,
    { id: 1, result: {} },
    { id: 2, error: { code: 'not_found', message: 'There is none.', hint: 'List them.' } },
  ]);
});

it('says that the server is away, and opens again when it is back', async () => {
  const { relay, posted, change, refuse } = fixture();
  refuse(new Unready('not_running', 'It cannot work.', 'Restart it.'));
  relay.hear({ ready: true });
  relay.hear({ id: 1, method: 'task/list', params: {} });
  await settled();
  deepEqual(posted.splice(0), [
    { line: 'closed', message: 'It cannot work.', hint: 'Restart it.' },
    { id: 1, error: { code: 'unavailable', message: 'It cannot work.', hint: 'Restart it.' } },
  ]);
  change({ name: 'failed', problem: { code: 'x', message: 'Again.' } });
  equal(posted.length, 0, 'it was told already');
  refuse(undefined);
  relay.hear({ ready: true });
  await settled();
  change({ name: 'waiting', delayMs: 250 });
  change({ name: 'starting' });
  deepEqual(posted, [
    { line: 'open' },
    { line: 'closed', message: 'The OSPAiN2 server ended.', hint: 'It starts again by itself.' },
  ]);
});

it('calls off what is not wanted, and what a page asked that was loaded anew', async () => {
  const { relay, posted, requests, answers } = fixture();
  const ends: ((result: unknown) => void)[] = [];
  answers(() => new Promise((resolve) => ends.push(resolve)));
  relay.hear({ id: 1, method: 'task/list', params: {} });
  relay.hear({ id: 2, method: 'task/list', params: {} });
  await settled();
  relay.hear({ id: 1, cancel: true });
  equal(requests[0]?.options?.signal?.aborted, true);
  equal(requests[1]?.options?.signal?.aborted, false);
  relay.hear({ ready: true });
  equal(requests[1]?.options?.signal?.aborted, true);
  for (const end of ends) end({});
  await settled();
  deepEqual(posted, [{ line: 'open' }]);
});

it('runs the commands that it knows, opens web addresses, and nothing else', async () => {
  const { relay, ran, requests, posted } = fixture();
  relay.hear({ command: 'ospain2.task.open', args: ['t1'] });
  relay.hear({ command: 'ospain2.proposal.review', args: [{ taskId: 't1', path: 'a.ts' }] });
  relay.hear({ open: 'https://example.org/' });
  for (const junk of [
    undefined,
    null,
    7,
    'ready',
    [],
    { ready: 1 },
    { id: '1', method: 'task/list' },
    { id: 1, method: 7 },
    { id: 1, cancel: true },
    { command: 'workbench.action.quit', args: [] },
    { command: 'ospain2.task.open' },
    { command: 'ospain2.task.open', args: [{ taskId: { deep: 1 } }] },
    { command: 'ospain2.task.open', args: [1, 2, 3, 4, 5] },
    { open: 'command:workbench.action.quit' },
    { open: 'file:///etc/passwd' },
    { open: 'vscode://x' },
  ])
    relay.hear(junk);
  await settled();
  deepEqual(ran, [
    ['ospain2.task.open', 't1'],
    ['ospain2.proposal.review', { taskId: 't1', path: 'a.ts' }],
    'https://example.org/',
  ]);
  deepEqual(requests, []);
  deepEqual(posted, []);
});
