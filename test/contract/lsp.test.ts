import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { createStreamLink } from '../../server/transports/editorLink.ts';
import { serveLsp } from '../../server/transports/lsp.ts';
import { MAX_MESSAGE } from '../../server/transports/served.ts';
import { openApp, SERVER_PROGRAM, serverFolders } from './app.ts';
import { openLspCarrier } from './lspCarrier.ts';
import { createMemory } from './memory.ts';
import { contract } from './suite.ts';

/** A server at one end of two linked streams. */
function serveStreams() {
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  const ended: string[] = [];
  serveLsp({
    ...createStreamLink(toServer, fromServer),
    start: async ({ workspace }) => ({
      ...createMemory(),
      dispose: async () => void ended.push(`disposed ${workspace}`),
    }),
    exit: (code) => void ended.push(`exit ${code}`),
  });
  return { toServer, fromServer, ended };
}

contract('LSP on linked streams', async () => {
  const folders = serverFolders();
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  serveLsp({
    ...createStreamLink(toServer, fromServer),
    start: ({ workspace }) => openApp(workspace, folders.env),
    exit: () => {},
  });
  const carrier = await openLspCarrier(
    new StreamMessageReader(fromServer),
    new StreamMessageWriter(toServer),
    folders.workspace,
    'here',
  );
  return {
    carrier,
    async close() {
      await carrier.close();
      folders[Symbol.dispose]();
    },
  };
});

/** The server program, as an editor starts it. */
function spawnServer(wire: '--stdio' | '--node-ipc') {
  const folders = serverFolders();
  const child = spawn(process.execPath, [SERVER_PROGRAM, wire], {
    env: folders.env,
    stdio: wire === '--stdio' ? ['pipe', 'pipe', 'inherit'] : ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  return { child, folders, exited };
}

for (const wire of ['--stdio', '--node-ipc'] as const)
  contract(`LSP of a process with ${wire}`, async () => {
    const { child, folders, exited } = spawnServer(wire);
    const carrier = await openLspCarrier(...endsOf(child), folders.workspace, 'process');
    return {
      carrier,
      async close() {
        await carrier.close();
        assert.deepEqual(await exited, [0, null]);
        folders[Symbol.dispose]();
      },
    };
  });

function endsOf(child: ChildProcess): [MessageReader, MessageWriter] {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) return [new IPCMessageReader(child), new IPCMessageWriter(child)];
  return [new StreamMessageReader(stdout), new StreamMessageWriter(stdin)];
}

interface Answer {
  id?: number | null;
  result?: unknown;
  error?: { code: number; data: { code: string } };
}

/** The wire as bytes: what is sent raw, and the answers in order. */
function openWire() {
  const { toServer, fromServer, ended } = serveStreams();
  const answers: Answer[] = [];
  let wake = () => {};
  new StreamMessageReader(fromServer).listen((message) => {
    answers.push(message as Answer);
    wake();
  });
  const next = async (): Promise<Answer> => {
    for (;;) {
      const answer = answers.shift();
      if (answer !== undefined) return answer;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const frame = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const call = (id: number, method: string, params: unknown = {}) =>
    frame(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  const send = (bytes: string) => void toServer.write(bytes);
  const initialize = async () => {
    send(call(0, 'initialize', { processId: null, capabilities: {}, rootUri: 'file:///tmp' }));
    assert.equal((await next()).id, 0);
  };
  return { send, next, frame, call, initialize, end: () => toServer.end(), ended };
}

describe('malformed JSON-RPC', { timeout: 60_000 }, () => {
  const { frame } = openWire();
  const cases: [name: string, bytes: string, rpc: number, code: string][] = [
    ['a body that is not JSON', frame('{"jsonrpc":'), -32700, 'malformed'],
    ['a header without a length', 'Content-Type: x\r\n\r\n', -32700, 'malformed'],
    ['a length that is no number', 'Content-Length: many\r\n\r\n', -32700, 'malformed'],
    ['a negative length', 'Content-Length: -5\r\n\r\n', -32700, 'malformed'],
    ['a header after half a message', 'xContent-Length: 3\r\n{"a":', -32700, 'malformed'],
    ['a header without an end', 'x'.repeat(9000), -32700, 'malformed'],
    ['a message over the limit', frame(`"${'x'.repeat(MAX_MESSAGE)}"`), -32013, 'too_large'],
    ['a batch', frame('[{"jsonrpc":"2.0","id":1,"method":"task/list"}]'), -32600, 'malformed'],
    ['one without an id over the limit', frame(`{"id":${'1'.repeat(MAX_MESSAGE)}}`), -32013, 'too_large'],
    ['null', frame('null'), -32600, 'malformed'],
    ['a number', frame('17'), -32600, 'malformed'],
    ['a method that is no name', frame('{"jsonrpc":"2.0","id":1,"method":5}'), -32600, 'malformed'],
    ['an id of a wrong type', frame('{"jsonrpc":"2.0","id":{},"method":"task/list"}'), -32600, 'malformed'],
    ['a cancel of nothing', frame('{"jsonrpc":"2.0","method":"$/cancelRequest"}'), -32600, 'malformed'],
    ['10,000 levels', frame(`${'['.repeat(10_000)}${']'.repeat(10_000)}`), -32600, 'malformed'],
  ];
  for (const [name, bytes, rpc, code] of cases)
    it(`answers ${name} with ${rpc} and reads on`, async () => {
      const wire = openWire();
      await wire.initialize();
      wire.send(`${bytes}${wire.call(1, 'server/status')}`);
      const refusal = await wire.next();
      assert.deepEqual([refusal.id, refusal.error?.code, refusal.error?.data.code], [null, rpc, code]);
      assert.equal((await wire.next()).id, 1);
      wire.end();
    });

  it('finds the next message after a length that was too short', async () => {
    const wire = openWire();
    await wire.initialize();
    wire.send(`Content-Length: 4\r\n\r\n{"jsonrpc":"2.0"}${wire.call(1, 'server/status')}`);
    assert.equal((await wire.next()).error?.data.code, 'malformed');
    assert.equal((await wire.next()).error?.data.code, 'malformed');
    assert.equal((await wire.next()).id, 1);
    wire.end();
  });

  it('reads messages that come byte by byte, and two in one piece', async () => {
    const wire = openWire();
    for (const byte of wire.call(0, 'initialize', { processId: null, capabilities: {}, rootUri: 'file:///tmp' }))
      wire.send(byte);
    assert.equal((await wire.next()).id, 0);
    wire.send(wire.call(1, 'server/status') + wire.call(2, 'model/list'));
    assert.deepEqual([(await wire.next()).id, (await wire.next()).id], [1, 2]);
    wire.end();
  });

  it('ignores notifications and answers that nobody waits for', async () => {
    const wire = openWire();
    await wire.initialize();
    wire.send(frame('{"jsonrpc":"2.0","method":"task/sing","params":[1]}'));
    wire.send(frame('{"jsonrpc":"2.0","id":77,"result":{}}'));
    wire.send(frame('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":5}}'));
    wire.send(wire.call(1, 'server/status'));
    assert.equal((await wire.next()).id, 1);
    wire.end();
  });
});

describe('life of an editor session', { timeout: 60_000 }, () => {
  it('answers nothing before initialize, and nothing after shutdown', async () => {
    const wire = openWire();
    wire.send(wire.call(1, 'server/status'));
    assert.equal((await wire.next()).error?.code, -32002);
    wire.send(wire.call(2, 'initialize', { processId: null, capabilities: {}, rootUri: null }));
    assert.equal((await wire.next()).error?.data.code, 'invalid_params');
    wire.send(wire.call(3, 'initialize', { processId: null, capabilities: {}, rootUri: 'https://example.test/' }));
    assert.equal((await wire.next()).error?.data.code, 'invalid_params');
    wire.send(wire.call(4, 'initialize', []));
    assert.equal((await wire.next()).id, 4);
    await wire.initialize();
    wire.send(wire.call(5, 'initialize', { processId: null, capabilities: {}, rootUri: 'file:///tmp' }));
    assert.equal((await wire.next()).error?.code, -32600);
    wire.send(wire.frame('{"jsonrpc":"2.0","id":6,"method":"shutdown"}'));
    assert.deepEqual(await wire.next(), { jsonrpc: '2.0', id: 6, result: null });
    wire.send(wire.call(7, 'server/status'));
    assert.equal((await wire.next()).error?.code, -32600);
    assert.deepEqual(wire.ended, ['disposed /tmp']);
    wire.end();
  });

  it('ends the core and the process when the editor goes without a word', async () => {
    const wire = openWire();
    await wire.initialize();
    wire.end();
    while (wire.ended.length < 2) await delay(5);
    assert.deepEqual(wire.ended, ['disposed /tmp', 'exit 1']);
  });

  for (const wire of ['--stdio', '--node-ipc'] as const)
    it(`the process with ${wire} ends with its editor`, async () => {
      const { child, folders, exited } = spawnServer(wire);
      await openLspCarrier(...endsOf(child), folders.workspace, 'process');
      if (wire === '--stdio') child.stdin?.end();
      else child.disconnect();
      assert.deepEqual(await exited, [1, null]);
      folders[Symbol.dispose]();
    });

  it('the process answers malformed frames and reads on', async () => {
    const { child, folders, exited } = spawnServer('--stdio');
    const carrier = await openLspCarrier(...endsOf(child), folders.workspace, 'process');
    for (const junk of ['junk\r\n\r\n', 'Content-Length: -1\r\n\r\n', 'Content-Length: 2\r\n\r\n[]', '\0'.repeat(9000)])
      child.stdin?.write(junk);
    await carrier.request('server/status', {});
    await carrier.close();
    assert.deepEqual(await exited, [0, null]);
    folders[Symbol.dispose]();
  });
});
