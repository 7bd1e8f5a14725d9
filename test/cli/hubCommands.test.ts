import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { z } from 'zod';
import { SERVER_PROGRAM } from '../contract/app.ts';
import { tempFolder } from '../support/temp.ts';
import { jsonLines, ownWorkspace, type Ran } from './command.ts';

const Opened = z.object({ url: z.url(), expiresAt: z.number() });

const hubIn = (out: string) => Opened.parse(jsonLines(out).find((line) => 'hub' in line)?.['hub']);

const enter = (url: string) => fetch(url, { redirect: 'manual' });

describe('the hub on the command line', { timeout: 120_000 }, () => {
  const { cwd, cli, env } = ownWorkspace();

  /** Runs until the check has seen what it wants to. */
  async function running(args: string[], wanted: RegExp, check: (heard: string) => Promise<void>): Promise<Ran> {
    let heard = '';
    let checked: Promise<void> | undefined;
    const ran = await cli(args, {
      onOutput: (text, kill) => {
        heard += text;
        if (wanted.test(heard)) checked ??= check(heard).finally(() => kill('SIGINT'));
      },
    });
    await checked;
    return ran;
  }

  it('is served by `serve`, which says where, once', async () => {
    const ran = await running(['serve', '--port', '0'], /makes another/, async (heard) => {
      const [url = ''] = /http:\S+ticket=\S+/.exec(heard) ?? [];
      assert.equal((await enter(url)).status, 303);
      assert.equal((await enter(url)).status, 403);
    });
    assert.equal(ran.code, 0, ran.err);
    assert.match(
      ran.out,
      /The hub, in a browser of this machine:\n {2}http:\/\/127\.0\.0\.1:\d+\/hub\/enter\?ticket=[\w-]{43}\n/,
    );
    const none = await running(['serve', '--no-api'], /schedule/, async () => {});
    assert.doesNotMatch(none.out, /hub/);
  });

  it('is served by `hub` where nobody else does', async () => {
    const ran = await running(['--json', 'hub'], /"hub".*\n(?:.*\n)*.*"api"/, async (heard) => {
      assert.equal((await enter(hubIn(heard).url)).status, 303);
    });
    assert.equal(ran.code, 0, ran.err);
    assert.equal(jsonLines(ran.out).filter((line) => 'hub' in line).length, 1);
  });

  describe('with a server that was there', () => {
    let end = async () => {};
    after(() => end());

    it('only says where, and opens the browser when it is told to', {
      skip: process.platform !== 'linux',
    }, async () => {
      const args = [SERVER_PROGRAM, '--headless', '--workspace', cwd];
      const other = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
      const exited = once(other, 'exit');
      end = async () => {
        other.stdin.end();
        await exited;
      };
      await once(other.stdout, 'data');

      using folder = tempFolder('browser');
      const seen = join(folder.path, 'seen');
      const opener = join(folder.path, 'xdg-open');
      writeFileSync(opener, `#!/bin/sh\nprintf %s "$1" > '${seen}.new' && mv '${seen}.new' '${seen}'\n`);
      chmodSync(opener, 0o755);
      const withBrowser = { env: { ...env, PATH: `${folder.path}:${env['PATH'] ?? process.env['PATH']}` } };

      const quiet = await cli(['hub'], withBrowser);
      assert.equal(quiet.code, 0, quiet.err);
      assert.match(quiet.out, /^The hub, in a browser of this machine:\n/);
      const opened = await cli(['hub', '--open'], withBrowser);
      assert.match(opened.out, /^The hub opens in your browser/);
      while (!existsSync(seen)) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.ok(opened.out.includes(readFileSync(seen, 'utf8')));
      const without = await cli(['hub', '--open'], { env: { ...env, PATH: folder.path.replace(/browser/, 'none') } });
      assert.match(without.out, /^The hub, in a browser of this machine/, 'a browser that cannot be opened');

      assert.equal((await enter(hubIn((await cli(['--json', 'hub', '--no-open'])).out).url)).status, 303);
      assert.equal((await cli(['hub', 'sign-out'])).out, 'Signed 2 browsers out.\n', 'also that of the server before');
      assert.equal((await cli(['hub', 'sign-out'])).out, 'No browser was signed in.\n');
    });
  });
});
