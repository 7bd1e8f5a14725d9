import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Api } from '../../protocol/index.ts';
import { SERVER_PROGRAM } from '../contract/app.ts';
import { jsonLines, ownWorkspace, type Ran } from './command.ts';

describe('the API on the command line', { timeout: 120_000 }, () => {
  const { cwd, cli, env } = ownWorkspace();

  /** Serves, and ends it when the check has seen that it is served. */
  async function serving(args: string[], check: (heard: string) => Promise<void>): Promise<Ran> {
    let heard = '';
    let checked: Promise<void> | undefined;
    const ran = await cli(args, {
      onOutput: (text, kill) => {
        heard += text;
        if (/They need the token|"api":\{/.test(heard)) checked ??= check(heard).finally(() => kill('SIGINT'));
      },
    });
    await checked;
    return ran;
  }
  const apiIn = (heard: string) => Api.parse(jsonLines(heard).find((line) => 'api' in line)?.['api']);

  it('is served by `serve` until it ends, and says where but not the token', async () => {
    let token = '';
    const ran = await serving(['serve', '--port', '0', '--registry'], async (heard) => {
      const [, url = ''] = /find one at (http:\S+)\/v1,/.exec(heard) ?? [];
      token = (await cli(['token', 'show'])).out.trim();
      assert.equal((await fetch(`${url}/health`)).status, 200);
      assert.equal((await fetch(`${url}/v1/models`)).status, 401);
      const headers = { authorization: `Bearer ${token}` };
      assert.equal((await fetch(`${url}/v1/models`, { headers })).status, 200);
    });
    assert.equal(ran.code, 0, ran.err);
    assert.equal(ran.err, '');
    assert.match(
      ran.out,
      /the registry at http:\/\/127\.0\.0\.1:\d+\/models\.\nThey need the token: ospain2 token show/,
    );
    assert.match(token, /^[\w-]{43}$/);
    assert.ok(!ran.out.includes(token));
  });

  it('prints the token when asked, and warns of the network', async () => {
    const ran = await serving(['--json', 'serve', '--port', '0', '--lan', '--show-token'], async (heard) => {
      assert.equal(apiIn(heard).lan, true);
    });
    assert.equal(ran.code, 0, ran.err);
    const { tokenFile } = apiIn(ran.out);
    const token = readFileSync(tokenFile, 'utf8').trim();
    assert.deepEqual(
      jsonLines(ran.out).find((line) => 'token' in line),
      { token, tokenFile },
    );
    assert.match(ran.err, /^Other machines reach it too, .*: whoever has the token .* Nothing is encrypted on the way/);
  });

  it('is closed again where the server stays', async () => {
    const args = [SERVER_PROGRAM, '--headless', '--workspace', cwd];
    const other = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(other, 'exit');
    await once(other.stdout, 'data');
    let url = '';
    const ran = await serving(['--json', 'serve', '--port', '0'], async (heard) => {
      url = apiIn(heard).url;
      const wrong = await cli(['serve', '--lan']);
      assert.deepEqual([wrong.code, wrong.err.split(':')[0]], [4, 'error[wrong_state]']);
      assert.equal((await fetch(`${url}/health`)).status, 200, 'who did not open it does not close it');
    });
    assert.equal(ran.code, 0, ran.err);
    await assert.rejects(fetch(`${url}/health`));
    other.stdin.end();
    await exited;
  });

  it('says that a port is taken, and what it cannot do without', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const taken = await cli(['serve', '--port', String(port)]);
    assert.deepEqual(
      [taken.code, taken.err.split('\n')[0]],
      [4, `error[conflict]: Port ${port} is taken by another program.`],
    );
    other.close();
    for (const args of [
      ['--port', '70000'],
      ['--port', 'x'],
      ['--no-api', '--registry'],
      ['--no-api', '--lan'],
    ]) {
      const wrong = await cli(['serve', ...args]);
      assert.deepEqual([wrong.code, wrong.err.split(':')[0]], [64, 'error[invalid_params]'], args.join(' '));
    }
  });

  it('has another token after a rotation', async () => {
    const file = join(env['OSPAIN2_DATA_DIR'] ?? '', 'api-token');
    const first = readFileSync(file, 'utf8');
    const rotated = await cli(['token', 'rotate']);
    assert.match(rotated.out, /^A new token is in .*api-token\. Programs with the old one are refused/);
    const [second] = jsonLines((await cli(['--json', 'token', 'show'])).out);
    assert.notEqual(`${second?.['token']}\n`, first);
    assert.match(String(second?.['token']), /^[\w-]{43}$/);
  });
});
