import assert from 'node:assert/strict';
import { readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { serverFolders } from '../contract/app.ts';
import { startServer } from '../support/server.ts';
import { jsonLines, type Ran, runCli } from './command.ts';

const folders = serverFolders();
const cwd = realpathSync(folders.workspace);
after(() => folders[Symbol.dispose]());
const data = folders.env['OSPAIN2_DATA_DIR'] ?? '';

const PASSPHRASE = 'four words and a number 7';
const NEXT = 'four other words and 8';

/** What is typed stands in standard input, a line each. */
const cli = (args: readonly string[], typed: readonly string[] = [], env = {}): Promise<Ran> =>
  runCli(args, { cwd, env: { ...folders.env, ...env }, input: typed.map((line) => `${line}\n`).join('') });

function assertRefused({ code, out, err }: Ran, exit: number, name: string): void {
  assert.equal(code, exit, err);
  assert.equal(out, '');
  assert.ok(err.startsWith(`error[${name}]: `), err);
}

describe('ospain2 key', { timeout: 600_000 }, () => {
  let recoveryKey = '';

  it('says where the root secret is, and refuses what makes no sense yet', async () => {
    assert.equal((await cli(['task', 'new', '--detach', '--kind', 'ask', 'a secret wish'])).code, 0);
    const { out } = await cli(['key', 'status']);
    assert.match(out, /root secret +in a file that only you can read/);
    const [line] = jsonLines((await cli(['key', 'status', '--json'])).out);
    assert.deepEqual((line as { keys: { behind: unknown } }).keys.behind, []);
    assertRefused(await cli(['key', 'lock']), 4, 'wrong_state');
    assertRefused(await cli(['key', 'passphrase', 'set'], ['short']), 64, 'invalid_params');
    assertRefused(await cli(['key', 'passphrase', 'set'], []), 64, 'invalid_params');
    assertRefused(await cli(['key', 'store', 'cloud']), 64, 'invalid_params');
  });

  it('sets a passphrase, which every command then needs', async () => {
    const { code, out, err } = await cli(['key', 'passphrase', 'set'], [PASSPHRASE]);
    assert.equal(code, 0, err);
    assert.match(out, /The passphrase is set\. 2 databases got a new key\./);
    assertRefused(await cli(['task', 'list']), 77, 'key_locked');
    const file = join(cwd, 'passphrase');
    writeFileSync(file, `${PASSPHRASE}\n`);
    const listed = await cli(['task', 'list'], [], { OSPAIN2_PASSPHRASE_FILE: file });
    assert.match(listed.out, /a secret wish/);
    writeFileSync(file, 'not the right one at all');
    assertRefused(await cli(['task', 'list'], [], { OSPAIN2_PASSPHRASE_FILE: file }), 78, 'key_wrong');
    assertRefused(await cli(['task', 'list'], [], { OSPAIN2_PASSPHRASE_FILE: `${file}.no` }), 3, 'not_found');
  });

  it('changes it, and makes a recovery key for who has it', async () => {
    assertRefused(await cli(['key', 'passphrase', 'change'], [NEXT, PASSPHRASE]), 78, 'key_wrong');
    assert.equal((await cli(['key', 'passphrase', 'change'], [PASSPHRASE, NEXT])).code, 0);
    assertRefused(await cli(['key', 'unlock'], [PASSPHRASE]), 77, 'key_locked');
    const [line] = jsonLines((await cli(['key', 'recovery', '--json'], [NEXT])).out);
    recoveryKey = String((line as { recoveryKey: unknown }).recoveryKey);
    assert.match(recoveryKey, /^(\w{4}-){8}.$/);
  });

  it('unlocks a server that runs for every command, and locks it again', async () => {
    await using server = await startServer({ workspace: cwd, data, env: folders.env });
    await assert.rejects(server.client.request('task/list', {}), { code: 'key_locked' });
    await assert.rejects(server.client.request('model/list', {}), { code: 'key_locked' });
    await assert.rejects(server.client.request('keys/unlock', { passphrase: PASSPHRASE }), { code: 'key_wrong' });
    await server.client.request('keys/unlock', { passphrase: NEXT });
    assert.match((await cli(['task', 'list'])).out, /a secret wish/);
    assert.match((await cli(['key', 'lock'])).out, /It is locked/);
    assertRefused(await cli(['task', 'list']), 77, 'key_locked');
    assert.equal((await server.client.request('keys/status', {})).status.state, 'locked');
  });

  it('takes a new root secret, after which the recovery key is worth nothing', async () => {
    const { code, out, err } = await cli(['key', 'rotate'], [NEXT]);
    assert.equal(code, 0, err);
    assert.match(out, /2 databases got a new key/);
    assert.match(err, /recovery key is worth nothing now/);
    assertRefused(await cli(['key', 'recover'], [recoveryKey, PASSPHRASE]), 4, 'wrong_state');
    const made = await cli(['key', 'recovery', '--json'], [NEXT]);
    recoveryKey = String((jsonLines(made.out)[0] as { recoveryKey: unknown }).recoveryKey);
  });

  it('recovers with the recovery key, and the passphrase is another one', async () => {
    assertRefused(await cli(['key', 'recover'], ['0000', PASSPHRASE]), 64, 'invalid_params');
    const { code, err } = await cli(['key', 'recover'], [recoveryKey, PASSPHRASE]);
    assert.equal(code, 0, err);
    assert.equal((await cli(['key', 'passphrase', 'remove'], [PASSPHRASE])).code, 0);
    assert.match((await cli(['task', 'list'])).out, /a secret wish/);
  });

  it('leaves no passphrase and no recovery key in any file, and no file for others', () => {
    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      const bytes = readFileSync(path);
      for (const text of [PASSPHRASE, NEXT, recoveryKey, recoveryKey.replaceAll('-', '')])
        for (const encoding of ['utf8', 'utf16le'] as const)
          assert.equal(bytes.includes(Buffer.from(text, encoding)), false, path);
      if (process.platform !== 'win32' && !name.endsWith('.sock')) assert.equal(statSync(path).mode & 0o077, 0, path);
    }
  });

  it('starts afresh for who lost everything, and says where it was put', async () => {
    assert.equal((await cli(['key', 'set-aside', '--yes'])).out.trim(), 'Every database opens; nothing was moved.');
    const secret = readdirSync(data).find((name) => name.startsWith('root-secret')) ?? '';
    writeFileSync(join(data, secret), '');
    assertRefused(await cli(['task', 'list']), 78, 'key_unavailable');
    assertRefused(await cli(['key', 'set-aside']), 64, 'invalid_params');
    const { code, out, err } = await cli(['key', 'set-aside', '--yes']);
    assert.equal(code, 0, err);
    assert.match(out, /ospain2\.lost-\d{8}T\d{9}Z\.db/);
    assert.doesNotMatch((await cli(['task', 'list'])).out, /a secret wish/);
  });
});
