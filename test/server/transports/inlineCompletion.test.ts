import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { OspainError } from '../../../protocol/index.ts';
import type { Dispatch } from '../../../server/dispatch.ts';
import { createStreamLink } from '../../../server/transports/editorLink.ts';
import { serveLsp } from '../../../server/transports/lsp.ts';

const uri = 'file:///work/a.ts';
const text = 'const a = 1;\nconst b = ';

/** An editor with two open files, and a server that answers with `dispatch`. */
async function editor(dispatch: Dispatch) {
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  serveLsp({
    ...createStreamLink(toServer, fromServer),
    start: async () => ({ dispatch, onNotification: () => () => {}, dispose: async () => {} }),
    exit: () => {},
  });
  const connection = createMessageConnection(new StreamMessageReader(fromServer), new StreamMessageWriter(toServer));
  connection.listen();
  const initialized = await connection.sendRequest<{ capabilities: object }>('initialize', {
    processId: null,
    rootUri: pathToFileURL('/work').href,
    capabilities: {},
  });
  const open = (uri: string, text: string) =>
    connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'typescript', version: 1, text },
    });
  await open('file:///work/b.ts', 'export const c = 3;\n');
  await open(uri, 'const a = 1;\n');
  await connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: end(1, 0), end: end(1, 0) }, text: 'const b = ' }],
  });
  return {
    capabilities: initialized.capabilities,
    ask: (triggerKind: 1 | 2) =>
      connection.sendRequest('textDocument/inlineCompletion', {
        textDocument: { uri },
        position: end(1, 10),
        context: { triggerKind },
      }),
    [Symbol.dispose]: () => connection.dispose(),
  };
}

const end = (line: number, character: number) => ({ line, character });

test('an editor is offered what the model says, with the text that the editor told', async () => {
  const asked: unknown[] = [];
  using there = await editor(async (method, params) => {
    asked.push({ method, params });
    return { ok: true, result: { text: 'a + 1;' } };
  });
  assert.partialDeepStrictEqual(there.capabilities, { textDocumentSync: 2, inlineCompletionProvider: true });
  const range = { start: end(1, 10), end: end(1, 10) };
  assert.deepEqual(await there.ask(2), [{ insertText: 'a + 1;', range }]);
  await there.ask(1);
  const params = {
    path: uri,
    language: 'typescript',
    prefix: text,
    suffix: '',
    neighbours: [{ path: 'file:///work/b.ts', text: 'export const c = 3;\n' }],
  };
  assert.deepEqual(asked, [
    { method: 'completion/inline', params: { ...params, automatic: true } },
    { method: 'completion/inline', params: { ...params, automatic: false } },
  ]);
});

test('nothing to say and a failure are no suggestion and no error', async () => {
  using none = await editor(async () => ({ ok: true, result: { text: null, why: 'noModel' } }));
  assert.deepEqual(await none.ask(2), []);
  const error = new OspainError('worker_failed', 'The worker died.').toWire();
  using broken = await editor(async () => ({ ok: false, error }));
  assert.deepEqual(await broken.ask(2), []);
});
