import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createSocketCarrier } from '../../cli/socketCarrier.ts';
import { type HttpCarrier, serveHttp } from '../../server/transports/http.ts';
import { MAX_MESSAGE } from '../../server/transports/served.ts';
import { openApp, serverFolders } from './app.ts';
import { createMemory } from './memory.ts';
import { contract } from './suite.ts';

contract('HTTP on a local socket', async () => {
  const folders = serverFolders();
  const app = await openApp(folders.workspace, folders.env);
  const server = await serveHttp({ served: app, path: app.socketPath });
  const carrier = createSocketCarrier(app.socketPath);
  await carrier.subscribed();
  return {
    carrier,
    async close() {
      await carrier.close();
      await server.dispose();
      await app.dispose();
      folders[Symbol.dispose]();
    },
  };
});

describe('malformed HTTP', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ospain2-'));
  const path = join(folder, 's');
  let server: HttpCarrier;
  before(async () => {
    server = await serveHttp({ served: createMemory(), path });
  });
  after(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true });
  });

  /** What comes back for raw bytes, as status and body. */
  const send = async (bytes: string): Promise<{ status: number; body: { code?: string } }> => {
    const socket = connect(path);
    socket.end(bytes);
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
  };
  const post = (body: string, more = '') =>
    send(
      `POST /v1/task/list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`,
    );

  const cases: [name: string, ask: () => ReturnType<typeof send>, status: number, code: string][] = [
    ['bytes that are not HTTP', () => send('Content-Length: 5\r\n\r\nhello'), 400, 'malformed'],
    ['two lengths', () => post('{}', 'Content-Length: 1\r\n'), 400, 'malformed'],
    ['a body that is not JSON', () => post('{"limit":'), 400, 'malformed'],
    ['a batch', () => post('[{},{}]'), 400, 'invalid_params'],
    ['10,000 levels', () => post(`${'['.repeat(10_000)}${']'.repeat(10_000)}`), 400, 'invalid_params'],
    ['a body over the limit', () => post(`"${'x'.repeat(MAX_MESSAGE)}"`), 413, 'too_large'],
    [
      'another verb',
      () => send('PUT /v1/task/list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
      404,
      'unknown_method',
    ],
    ['a verb that only reads', () => send('GET /v1/server/status HTTP/1.0\r\n\r\n'), 404, 'unknown_method'],
    ['another path', () => send('GET / HTTP/1.0\r\n\r\n'), 404, 'unknown_method'],
    ['a broken escape', () => send('GET /%ZZ HTTP/1.0\r\n\r\n'), 400, 'malformed'],
  ];
  for (const [name, ask, status, code] of cases)
    it(`answers ${name} with ${code} and lives`, async () => {
      const answer = await ask();
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
      assert.equal((await post('{}')).status, 200);
    });

  it('takes a body without a content type, and none at all', async () => {
    assert.equal((await post('')).status, 200);
    assert.equal((await post('{}', 'Content-Type: text/weird\r\n')).status, 200);
  });
});
