import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { OspainError } from '../../../../../protocol/index.ts';
import type { Call, Dispatch, Outcome } from '../../../../../server/dispatch.ts';
import { serveApi } from '../serveApi.ts';

const BODY = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi.' }] };
const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };
const DONE: Outcome = { ok: true, result: { model: 'm', text: 'ab', stop: 'end', usage, calls: [] } };

/** A core that answers as the test says. */
const core =
  (answer: (say: (text: string) => void, signal: AbortSignal) => Promise<Outcome>): Dispatch =>
  (_method, _params, { signal, notify }: Partial<Call> = {}) =>
    answer(
      (text) => notify?.({ method: 'inference/didText', params: { requestId: null, text } }),
      signal ?? new AbortController().signal,
    );

const failed = (): Outcome => ({ ok: false, error: new OspainError('worker_failed', 'The worker ended.').toWire() });

describe('a stream of the API', { timeout: 60_000 }, () => {
  it('is opened by a comment while the model loads, and goes on with it', async () => {
    const comments = Promise.withResolvers<void>();
    await using served = await serveApi({
      limits: { heartbeatMs: 5 },
      dispatch: core(async (say) => {
        await comments.promise;
        say('ab');
        return DONE;
      }),
    });
    const response = await served.post('/v1/chat/completions', BODY);
    assert.deepEqual(
      [response.status, response.headers.get('content-type'), response.headers.get('cache-control')],
      [200, 'text/event-stream; charset=utf-8', 'no-store'],
    );
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.split(': the model').length > 3) comments.resolve();
    }
    const lines = text.split('\n\n').filter((line) => !line.startsWith(':'));
    assert.equal(lines.at(-2), 'data: [DONE]');
    assert.match(lines[0] ?? '', /^data: \{.*"delta":\{"role":"assistant","content":""\}/);
  });

  it('is an error with its status as long as nothing was said, and an event after that', async () => {
    await using silent = await serveApi({ dispatch: core(async () => failed()) });
    const early = await silent.post('/v1/chat/completions', BODY);
    assert.deepEqual([early.status, early.headers.get('content-type')], [503, 'application/json; charset=utf-8']);
    await using broken = await serveApi({
      dispatch: core(async (say) => {
        say('a');
        return failed();
      }),
    });
    for (const [path, body, last] of [
      ['/v1/chat/completions', BODY, /^data: \{"error":\{"message":"The worker ended\.".*"code":"worker_failed"\}\}$/],
      ['/v1/completions', { stream: true, prompt: 'x' }, /^data: \{"error":/],
      ['/v1/responses', { stream: true, input: 'x' }, /^event: response\.failed\ndata: .*"status":"failed"/],
    ] as const) {
      const late = await broken.post(path, body);
      assert.equal(late.status, 200);
      const events = (await late.text()).trimEnd().split('\n\n');
      assert.match(events.at(-1) ?? '', last, path);
    }
  });

  it('ends the generation at once when the client hangs up, spoken to or not', async () => {
    for (const speaks of [true, false]) {
      const [asked, given_up] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
      await using served = await serveApi({
        dispatch: core(async (say, signal) => {
          if (speaks) say('a');
          signal.addEventListener('abort', () => given_up.resolve(signal.reason));
          asked.resolve();
          await given_up.promise;
          return failed();
        }),
      });
      const hangUp = new AbortController();
      const headers = { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' };
      const init = {
        method: 'POST',
        body: JSON.stringify({ ...BODY, stream: speaks }),
        headers,
        signal: hangUp.signal,
      };
      const answer = fetch(`${served.api.url}/v1/chat/completions`, init).catch(() => null);
      await asked.promise;
      if (speaks) await answer;
      hangUp.abort();
      assert.ok((await given_up.promise) instanceof OspainError);
      assert.equal((await fetch(`${served.api.url}/health`)).status, 200);
    }
  });

  it('cuts a client that does not read, and ends its generation', async () => {
    const said = 'x'.repeat(100_000);
    let pieces = 0;
    const ended = Promise.withResolvers<void>();
    await using served = await serveApi({
      limits: { bufferBytes: 1_000_000 },
      dispatch: core(async (say, signal) => {
        for (; !signal.aborted && pieces < 1000; pieces++) {
          say(said);
          await new Promise(setImmediate);
        }
        ended.resolve();
        return failed();
      }),
    });
    const slow = connect({ port: served.api.port, host: '127.0.0.1' }).on('error', () => {});
    const body = JSON.stringify(BODY);
    slow.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:${served.api.port}\r\nAuthorization: Bearer ${served.token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    slow.pause();
    await ended.promise;
    // What the kernel buffers is not ours to bound.
    assert.ok(pieces < 1000, `${pieces} pieces`);
    slow.destroy();
  });
});
