import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Task } from '../../protocol/index.ts';
import { serverFolders } from '../contract/app.ts';
import { jsonLines, type Ran, runCli } from './command.ts';

const folders = serverFolders();
const cwd = realpathSync(folders.workspace);
after(() => folders[Symbol.dispose]());

const cli = (...args: string[]): Promise<Ran> => runCli(args, { cwd, env: folders.env });
const submit = (text: string) => cli('task', 'new', '--detach', '--kind', 'ask', text);
const listed = async () =>
  jsonLines((await cli('task', 'list', '--json')).out).map(({ task }) => Task.parse(task).instruction);

function assertRefused({ code, out, err }: Ran, exit: number, name: string): void {
  assert.equal(code, exit, err);
  assert.equal(out, '');
  assert.ok(err.startsWith(`error[${name}]: `), err);
}

/** The one database of the tests' data folder. */
function databaseFile(): string {
  const root = folders.env['OSPAIN2_DATA_DIR'] ?? '';
  const [file] = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => name === 'ospain2.db',
  );
  assert.ok(file !== undefined);
  return join(file.parentPath, file.name);
}

describe('ospain2 backup, restore and export', { timeout: 600_000 }, () => {
  it('backs up to a new file, and says what opens it', async () => {
    await submit('the first one');
    const { code, out, err } = await cli('backup', 'one.db');
    assert.equal(code, 0, err);
    assert.match(out, /^1 task in .*one\.db \([\d.]+ kB\), encrypted with the key of this workspace\.$/m);
    assert.match(
      out,
      /^Its key comes of the root secret in the data folder\. Without it the backup cannot be restored/m,
    );
    assertRefused(await cli('backup', 'one.db'), 4, 'conflict');
    assertRefused(await cli('backup', 'no/such/folder/one.db'), 3, 'not_found');
    const [line] = jsonLines((await cli('backup', 'two.db', '--json')).out);
    assert.deepEqual(line, {
      backup: { path: join(cwd, 'two.db'), bytes: statSync(join(cwd, 'two.db')).size, tasks: 1 },
    });
  });

  it('restores, and keeps what was there', async () => {
    await submit('the second one');
    const { code, out, err } = await cli('restore', 'one.db');
    assert.equal(code, 0, err);
    const kept = /^Restored: 1 task\. What was there before is kept in (.*)$/m.exec(out)?.[1] ?? '';
    assert.deepEqual(await listed(), ['the first one']);
    assert.equal((await cli('restore', kept)).code, 0);
    assert.deepEqual(await listed(), ['the second one', 'the first one']);
    assertRefused(await cli('restore', 'src/limits.ts'), 74, 'storage_corrupt');
    assertRefused(await cli('restore', 'nothing.db'), 3, 'not_found');
  });

  it('restores also when the database is damaged and nothing else works', async () => {
    const before = await listed();
    assert.equal((await cli('backup', 'good.db')).code, 0);
    writeFileSync(databaseFile(), 'scratched '.repeat(10_000));
    assertRefused(await cli('task', 'list'), 78, 'key_wrong');
    assertRefused(await cli('restore', 'nothing.db'), 3, 'not_found');
    const { code, err } = await cli('restore', 'good.db');
    assert.equal(code, 0, err);
    assert.deepEqual(await listed(), before);
  });

  it('exports in plain text only to who says so twice', async () => {
    assertRefused(await cli('export', 'all.jsonl'), 64, 'invalid_params');
    assertRefused(await cli('export', 'all.jsonl', '--plain'), 64, 'invalid_params');
    assert.equal(existsSync(join(cwd, 'all.jsonl')), false);
    const { code, out, err } = await cli('export', 'all.jsonl', '--plain', '--yes');
    assert.equal(code, 0, err);
    assert.match(out, /^2 tasks in .*all\.jsonl \(.*\), in plain text\.$/m);
    const lines = jsonLines(readFileSync(join(cwd, 'all.jsonl'), 'utf8'));
    assert.deepEqual(
      lines.flatMap(({ task }) => (task === undefined ? [] : [Task.parse(task).instruction])),
      ['the second one', 'the first one'],
    );
  });

  it('says that the queue is paused after a backup in which something waits', async () => {
    const later = ['--detach', '--kind', 'ask', '--not-before', '2099-01-01 02:00'];
    assert.equal((await cli('task', 'new', ...later, 'much later')).code, 0);
    assert.equal((await cli('backup', 'waiting.db')).code, 0);
    const { out } = await cli('restore', 'waiting.db');
    assert.match(out, /^The queue is paused: .* Go on with: ospain2 queue resume$/m);
    assert.match((await cli('queue', 'status')).out, /paused/);
  });
});
