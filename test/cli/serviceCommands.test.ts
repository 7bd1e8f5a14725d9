import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tempFolder } from '../support/temp.ts';
import { jsonLines, ownWorkspace } from './command.ts';

const elsewhere = process.platform !== 'linux' && 'the files of other systems have tests of their own';

/** A `systemctl` that writes down what it was asked. */
function openSystemctl(folder: string) {
  const log = join(folder, 'asked');
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\necho "$@" >> '${log}'\n`);
  chmodSync(join(folder, 'systemctl'), 0o755);
  return () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
}

describe('ospain2 service', { skip: elsewhere, timeout: 120_000 }, () => {
  const { cwd, cli, env: outer } = ownWorkspace();

  it('is installed once, runs, and is removed', async () => {
    using home = tempFolder('home');
    mkdirSync(join(home.path, 'bin'));
    const asked = openSystemctl(join(home.path, 'bin'));
    const env = {
      ...outer,
      HOME: home.path,
      XDG_CONFIG_HOME: '',
      PATH: `${join(home.path, 'bin')}:${process.env.PATH}`,
    };
    const service = async (...args: string[]) => {
      const ran = await cli(['service', ...args], { env });
      assert.equal(ran.code, 0, ran.err);
      return ran.out;
    };
    const json = async (...args: string[]) => jsonLines(await service(...args, '--json'))[0]?.['service'];

    assert.equal(await service('status'), `No service is installed for ${cwd}.\n`);
    assert.equal(await json('status'), null);
    assert.match(
      await service('install', '--no-start'),
      /^The system starts a server of .* when you log in\. \(.*\.service\)\n$/,
    );
    assert.deepEqual(asked(), []);
    assert.match(await service('install', '--no-start'), /^It was installed already: /);
    const unit = (await service('status')).match(/installed: (.*)\n/)?.[1] ?? '';
    const text = readFileSync(unit, 'utf8');
    assert.match(text, /^ExecStart=:".*node" ".*cli\.js" "--workspace" ".*" "serve" "--no-api" "--service"$/m);
    assert.match(text, /^Environment="OSPAIN2_DATA_DIR=/m);
    assert.doesNotMatch(text, /HOME=/);

    // What the unit says, started as systemd would.
    const [, node = '', ...args] = (/^ExecStart=:(.*)$/m.exec(text)?.[1] ?? '').split(/"(?: "|$)|^"/);
    const child = spawn(node, args.slice(0, -1), { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    assert.match(await service('status'), new RegExp(`runs \\(process ${child.pid}\\)`));
    const installed = await json('install', '--port', '0');
    assert.deepEqual(
      { ...(installed as object), id: '', where: '' },
      { id: '', where: '', workspace: cwd, manager: 'systemd', changed: true, started: true },
    );
    assert.match(readFileSync(unit, 'utf8'), /"serve" "--port" "0" "--service"$/m);
    assert.match(asked().join(), /^--user daemon-reload,--user restart ospain2-[0-9a-f]{16}\.service$/);

    const removed = (await json('remove')) as Record<string, unknown>;
    assert.deepEqual([removed['removed'], removed['ended']], [true, true]);
    assert.deepEqual(await exited, [0, null], 'it ended as with Ctrl+C');
    assert.equal(existsSync(unit), false);
    assert.equal(await service('remove'), 'No service was installed here.\n');
    assert.equal(await json('status', '--all'), null);
  });
});
