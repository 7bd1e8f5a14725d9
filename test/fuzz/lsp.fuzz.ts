import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { OspainError } from '../../protocol/index.ts';
import { createStreamLink } from '../../server/transports/editorLink.ts';
import { serveLsp } from '../../server/transports/lsp.ts';
import { createMemory } from '../contract/memory.ts';
import { allMethods, messages } from '../support/fuzz/messages.ts';
import { mutated } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';

/** The bytes of an editor: frames that are none, JSON that is no JSON-RPC, requests of every method and of LSP itself. */
const frame = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const call = (method: string, params: unknown, id: unknown = 1) =>
  frame(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
const open = { uri: 'file:///tmp/a.ts', languageId: 'typescript', version: 1, text: 'const a = 1;\n' };
const at = { textDocument: { uri: open.uri }, position: { line: 0, character: 3 } };
const corpus = [
  call('server/status', {}),
  call('task/list', { limit: 3 }) + call('task/submit', { kind: 'ask', instruction: 'x' }, 2),
  call('textDocument/didOpen', { textDocument: open }, undefined),
  call(
    'textDocument/didChange',
    { textDocument: { uri: open.uri, version: 2 }, contentChanges: [{ text: 'x' }] },
    undefined,
  ),
  call('textDocument/codeAction', {
    ...at,
    range: { start: at.position, end: at.position },
    context: { diagnostics: [] },
  }),
  call('textDocument/inlineCompletion', { ...at, context: { triggerKind: 1 } }),
  call('$/cancelRequest', { id: 1 }, undefined),
  call('workspace/executeCommand', { command: 'ospain2.action.run', arguments: [] }),
];
const words = [
  ...[
    'Content-Length: ',
    'Content-Length: 5\r\n\r\n',
    '\r\n\r\n',
    '\r\n',
    '-1',
    '99999999999',
    '{',
    '}',
    '[',
    ']',
    '"id":null',
    '"jsonrpc":"2.0",',
  ],
  ...[
    '"method":"initialize"',
    '"method":"$/setTrace"',
    '"method":"window/x"',
    '"params":[1]',
    '"result":1',
    '"error":{}',
    'é',
    '\0',
    '__proto__',
  ],
];
const request = messages(allMethods).map(({ method, params }) => call(method, params));

export default target({
  inputs: fc.record({ bytes: fc.oneof(mutated(corpus, words), request), cut: fc.nat() }),
  batch: 500,
  async open() {
    let failed: unknown;
    const memory = createMemory();
    const start = () => {
      const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
      serveLsp({
        ...createStreamLink(toServer, fromServer),
        start: async () => ({
          ...memory,
          async dispatch(...asked) {
            const outcome = await memory.dispatch(...asked);
            if (!outcome.ok && outcome.error.code === 'internal') failed = OspainError.fromWire(outcome.error);
            return outcome;
          },
          dispose: async () => {},
        }),
        exit: () => {},
      });
      let answers = '';
      fromServer.setEncoding('latin1').on('data', (chunk) => {
        answers = (answers + String(chunk)).slice(-200_000);
      });
      toServer.write(call('initialize', { processId: null, capabilities: {}, rootUri: 'file:///tmp' }, 'first'));
      return {
        toServer,
        async until(id: string) {
          while (!answers.includes(`"id":"${id}"`)) await once(fromServer, 'data');
          answers = '';
        },
      };
    };
    return {
      async run({ bytes, cut }) {
        // What a broken frame does to those behind it is the wire's end: each input has a wire of its own.
        const wire = start();
        await wire.until('first');
        const whole = Buffer.from(bytes, 'utf8');
        const at = cut % (whole.length + 1);
        wire.toServer.write(whole.subarray(0, at));
        wire.toServer.write(whole.subarray(at));
        const ended = once(wire.toServer, 'close');
        wire.toServer.end();
        await ended;
        await new Promise(setImmediate);
        if (failed !== undefined) throw failed;
        assert.ok(!('polluted' in {}));
      },
    };
  },
});
