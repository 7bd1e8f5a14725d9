import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { createStreamLink } from '../../../server/transports/editorLink.ts';
import { editorAt } from '../../../server/transports/editorQuestions.ts';

const symbol = { path: 'src/a.ts', line: 3, kind: 'function', name: 'Box.open' };

/** An editor that answers so, and the server's end of the line to it. */
function lineTo(answer: (method: string, params: unknown) => unknown, offered: unknown, patience?: number) {
  const [toServer, fromServer] = [new PassThrough(), new PassThrough()];
  const { connection } = createStreamLink(toServer, fromServer);
  connection.listen();
  const editor = createMessageConnection(new StreamMessageReader(fromServer), new StreamMessageWriter(toServer));
  const asked: string[] = [];
  editor.onRequest((method, params) => {
    asked.push(method);
    return answer(method, params);
  });
  editor.listen();
  return {
    asked,
    editor: editorAt(connection, { experimental: { ospain2: offered } }, patience),
    [Symbol.dispose]() {
      editor.dispose();
      connection.dispose();
    },
  };
}

describe('a question to the editor', () => {
  it('is answered with what the protocol says', async () => {
    using at = lineTo((_, params) => ({ symbols: [symbol], echo: params }), ['editor/symbols']);
    assert.deepEqual(await at.editor.ask('editor/symbols', { name: 'open' }), { symbols: [symbol] });
  });

  it('is not put to an editor that does not answer it', async () => {
    for (const offered of [undefined, [], ['editor/diagnostics'], 'editor/symbols', { 0: 'editor/symbols' }]) {
      using at = lineTo(() => ({ symbols: [] }), offered);
      assert.equal(await at.editor.ask('editor/symbols', { name: 'open' }), undefined);
      assert.deepEqual(at.asked, []);
    }
  });

  it('has no answer when the editor fails, or says something else', async () => {
    const answers = [
      () => Promise.reject(new Error('no')),
      () => null,
      () => ({ symbols: [{ ...symbol, line: 0 }] }),
      () => ({ symbols: Array(201).fill(symbol) }),
      () => ({ symbols: [{ ...symbol, name: 'x'.repeat(5000) }] }),
    ];
    for (const answer of answers) {
      using at = lineTo(answer, ['editor/symbols']);
      assert.equal(await at.editor.ask('editor/symbols', { name: 'open' }), undefined);
      assert.deepEqual(at.asked, ['editor/symbols']);
    }
  });

  it('has no answer when the editor never says anything, or nobody waits any more', async () => {
    using at = lineTo(() => new Promise(() => {}), ['editor/symbols'], 20);
    assert.equal(await at.editor.ask('editor/symbols', { name: 'open' }), undefined);
    using slow = lineTo(() => new Promise(() => {}), ['editor/symbols']);
    const stopped = new AbortController();
    const answer = slow.editor.ask('editor/symbols', { name: 'open' }, stopped.signal);
    stopped.abort();
    assert.equal(await answer, undefined);
    assert.equal(await slow.editor.ask('editor/symbols', { name: 'open' }, stopped.signal), undefined);
    assert.ok(slow.asked.length <= 1, 'it is not asked again');
  });
});
