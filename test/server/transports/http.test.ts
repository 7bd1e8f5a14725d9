import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, unlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createSocketCarrier } from '../../../cli/socketCarrier.ts';
import { OspainError } from '../../../protocol/index.ts';
import { createMemory, type Memory } from '../../contract/memory.ts';
import { serve } from '../../contract/serve.ts';
import { tempFolder } from '../../support/temp.ts';

const say = (memory: Memory, message: string) =>
  memory.notify({ method: 'server/didLog', params: { level: 'info', message } });

describe('serveHttp', { timeout: 60_000 }, () => {
  it('takes over when the holder goes', async () => {
    using folder = tempFolder('http');
    const path = join(folder.path, 's');
    const told: (string | null)[] = [];
    await using first = await serve({ served: createMemory(), path });
    await using second = await serve({ served: createMemory(), path, onHeld: (held) => told.push(held), retryMs: 10 });
    assert.deepEqual([first.held(), second.held(), told], [true, false, []]);
    await first.dispose();
    while (told.length === 0) await delay(5);
    assert.deepEqual(told, [path]);
    await createSocketCarrier(path).request('server/status', {});
    await second.dispose();
    assert.deepEqual(told, [path, null]);
    assert.ok(!existsSync(path));
  });

  it('comes back when somebody removes its file', async () => {
    using folder = tempFolder('http');
    const path = join(folder.path, 's');
    await using server = await serve({ served: createMemory(), path, retryMs: 10 });
    unlinkSync(path);
    while (!existsSync(path)) await delay(5);
    await createSocketCarrier(path).request('server/status', {});
    await server.dispose();
  });

  it('lives without a socket and says why', async () => {
    using folder = tempFolder('http');
    const path = join(folder.path, 's');
    writeFileSync(path, '');
    await using server = await serve({ served: createMemory(), path });
    assert.equal(server.held(), false);
    assert.equal(server.problem()?.code, 'unavailable');
    await server.dispose();
  });

  it('cuts a reader that is too slow, and only that one', async () => {
    using folder = tempFolder('http');
    const path = join(folder.path, 's');
    const memory = createMemory();
    await using server = await serve({ served: memory, path, bufferBytes: 100_000 });
    const slow = connect(path);
    slow.write('GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(slow, 'readable');
    const fast = createSocketCarrier(path);
    await fast.subscribed();
    let heard = 0;
    fast.onNotification(() => {
      heard += 1;
    });
    const said = 200;
    for (let count = 1; count <= said; count++) {
      say(memory, 'x'.repeat(10_000));
      while (heard < count) await delay(1);
    }
    const end = once(slow, 'close');
    slow.resume();
    slow.on('error', () => {});
    await end;
    assert.ok(slow.bytesRead < said * 10_000, `${slow.bytesRead} bytes`);
    assert.equal(heard, said);
    await fast.close();
    await server.dispose();
  });

  it('tells a client when the stream ends without its doing', async () => {
    using folder = tempFolder('http');
    const path = join(folder.path, 's');
    await using server = await serve({ served: createMemory(), path });
    const [left, closed] = [createSocketCarrier(path), createSocketCarrier(path)];
    await left.subscribed();
    await closed.subscribed();
    const lost: string[] = [];
    const told = new Promise<void>((resolve) => left.onLost(resolve));
    closed.onLost(() => lost.push('closed'));
    await closed.close();
    await server.dispose();
    await told;
    assert.deepEqual(lost, []);
  });

  it('sends blank lines while nothing happens', async () => {
    using folder = tempFolder('http');
    const path = join(folder.path, 's');
    await using server = await serve({ served: createMemory(), path, heartbeatMs: 5 });
    const asked = request({ socketPath: path, path: '/v1/events' }).end();
    const [response] = await once(asked, 'response');
    let text = '';
    for await (const chunk of response) {
      text += String(chunk);
      if (text.endsWith('\n\n\n')) break;
    }
    assert.deepEqual(JSON.parse(text), { method: 'hello', params: { protocol: 1 } });
    await server.dispose();
  });

  it('a client without a server gets `unavailable`', async () => {
    using folder = tempFolder('http');
    const carrier = createSocketCarrier(join(folder.path, 's'));
    for (const ask of [() => carrier.request('server/status', {}), () => carrier.subscribed()])
      await assert.rejects(ask(), (error) => error instanceof OspainError && error.code === 'unavailable');
  });
});
