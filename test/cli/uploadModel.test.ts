import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ApiServer, startApiServer } from '../support/apiServer.ts';
import { writeRandomModel } from '../support/gguf/randomModel.ts';
import { tempFolder } from '../support/temp.ts';
import { jsonLines, ownWorkspace } from './command.ts';

/** Stands between a client and the API, and cuts a connection after so many bytes, a few times. */
async function unreliable(port: number, { cuts, bytes }: { cuts: number; bytes: number }) {
  const state = { left: cuts };
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) open.add(socket.on('error', () => {}).once('close', () => open.delete(socket)));
    let sent = 0;
    near.on('data', (chunk) => {
      // The API knows itself by its own port only.
      far.write(
        sent === 0 ? Buffer.from(chunk.toString('latin1').replace(/^(Host: .*:)\d+/im, `$1${port}`), 'latin1') : chunk,
      );
      sent += chunk.length;
      if (sent < bytes || state.left === 0) return;
      state.left -= 1;
      near.destroy();
    });
    far.on('data', (chunk) => near.write(chunk)).once('close', () => near.destroy());
    near.once('close', () => far.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: at } = server.address() as { port: number };
  return {
    state,
    url: `http://127.0.0.1:${at}`,
    [Symbol.dispose]() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

describe('ospain2 upload-model', { timeout: 300_000 }, () => {
  const { cli } = ownWorkspace();
  const folder = tempFolder('upload');
  const model = join(folder.path, 'qwq.gguf');
  const tokenFile = join(folder.path, 'token');
  let other: ApiServer;
  before(async () => {
    writeRandomModel(model, { width: 256, layers: 6 });
    other = await startApiServer();
    writeFileSync(tokenFile, `${other.token}\n`);
  });
  after(async () => {
    await other?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('adds to the registry here; `latest` is the next version', async () => {
    const ran = await cli(['upload-model', '--name', 'qwen_qwq', '--version', 'latest', '--path', model]);
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /^qwen_qwq@1\.0\.0 is imported \(.*\)\.\n$/);
  });

  it('sends to another registry, through breaking connections, and again where it was', async () => {
    using wire = await unreliable(other.api.port, { cuts: 2, bytes: 700_000 });
    const upload = ['--json', 'upload-model', '--name', 'far', '--path', model, '--token-file', tokenFile];
    const ran = await cli([...upload, '--url', wire.url]);
    assert.equal(ran.code, 0, ran.err);
    assert.equal(wire.state.left, 0);
    const { model: made } = await other.client.request('model/show', { model: 'far@1.0.0' });
    const [{ sent } = {}] = jsonLines(ran.out);
    assert.deepEqual(sent, { name: 'far', version: '1.0.0', sha256: made.sha256, existed: false });
    const again = await cli([...upload, '--version', '1.0.0', '--url', other.api.url]);
    assert.match(again.out, /"existed":true/, again.err);
  });

  it('says what is wrong', async () => {
    const text = join(folder.path, 'text.gguf');
    writeFileSync(text, 'no model');
    writeFileSync(join(folder.path, 'wrong'), 'x'.repeat(43));
    const to = ['--url', other.api.url, '--token-file', tokenFile];
    const cases: [args: string[], code: string][] = [
      [['--path', model, '--name', '../x', ...to], 'invalid_params'],
      [['--path', model, '--name', 'far', '--version', 'one', ...to], 'invalid_params'],
      [['--path', text, '--name', 'far', ...to], 'model_unreadable'],
      [['--path', text, '--name', 'far', '--version', '1.0.0', ...to], 'conflict'],
      [['--path', join(folder.path, 'none'), '--name', 'far', ...to], 'not_found'],
      [
        ['--path', model, '--name', 'far', '--url', other.api.url, '--token-file', join(folder.path, 'wrong')],
        'unauthorized',
      ],
      [
        ['--path', model, '--name', 'far', '--url', other.api.url, '--token-file', join(folder.path, 'no')],
        'not_found',
      ],
      [['--path', model, '--name', 'far', '--url', 'http://192.168.7.7:3100'], 'unauthorized'],
      [['--path', model, '--name', 'far', '--url', 'http://8.8.8.8:3100', '--token-file', tokenFile], 'egress_refused'],
      [['--path', model, '--name', 'far', '--url', 'ftp://localhost', '--token-file', tokenFile], 'invalid_params'],
      [['--path', model, '--name', 'far', '--url', 'http://127.0.0.1:1', '--token-file', tokenFile], 'fetch_failed'],
    ];
    for (const [args, code] of cases) {
      const ran = await cli(['upload-model', ...args]);
      assert.equal(ran.err.split(':')[0], `error[${code}]`, `${args.join(' ')}\n${ran.err}`);
    }
  });
});
