import assert from 'node:assert/strict';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createFolders, dataFolder } from '../../../server/storage/dataFolder.ts';
import { tempFolder } from '../../support/temp.ts';

test('the folder is named by the real path of the workspace', () => {
  using temp = tempFolder('data');
  const workspace = join(temp.path, 'work');
  const link = join(temp.path, 'link');
  mkdirSync(workspace);
  symlinkSync(workspace, link);
  const env = { OSPAIN2_DATA_DIR: join(temp.path, 'root') };
  const direct = dataFolder(workspace, env);
  assert.deepEqual(dataFolder(link, env), direct);
  assert.deepEqual(dataFolder(join(workspace, 'missing', '..'), env), direct);
  assert.notEqual(dataFolder(temp.path, env).folder, direct.folder);
  assert.match(direct.id, /^[0-9a-f]{16}$/);
  assert.equal(direct.folder, join(temp.path, 'root', 'workspaces', direct.id));
});

test('the root follows the customs of each system', () => {
  const root = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform) => dataFolder('/w', env, platform).root;
  assert.equal(root({ HOME: '/home/a' }, 'linux'), '/home/a/.local/share/ospain2');
  assert.equal(root({ HOME: '/home/a', XDG_DATA_HOME: '/x' }, 'linux'), '/x/ospain2');
  assert.equal(root({ HOME: '/home/a', XDG_DATA_HOME: 'x' }, 'linux'), '/home/a/.local/share/ospain2');
  assert.equal(root({ HOME: '/Users/a' }, 'darwin'), '/Users/a/Library/Application Support/OSPAiN2');
  assert.equal(root({ LOCALAPPDATA: 'C:\\Local' }, 'win32'), 'C:\\Local\\OSPAiN2');
  assert.equal(root({ HOME: '/home/a', OSPAIN2_DATA_DIR: '/mine' }, 'linux'), '/mine');
});

test('the socket has a path that every system accepts, and one for each root', () => {
  const socket = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux') =>
    dataFolder('/w', env, platform).socket;
  assert.match(socket({ XDG_RUNTIME_DIR: '/run/user/1000' }), /^\/run\/user\/1000\/ospain2\/[0-9a-f]{16}\.sock$/);
  for (const runtime of ['/run/user/1000', `/${'long/'.repeat(30)}`, 'relative', ''])
    assert.ok(Buffer.byteLength(socket({ XDG_RUNTIME_DIR: runtime })) < 104, runtime);
  assert.notEqual(socket({ OSPAIN2_DATA_DIR: '/a' }), socket({ OSPAIN2_DATA_DIR: '/b' }));
  assert.match(socket({ LOCALAPPDATA: 'C:\\Local' }, 'win32'), /^\\\\\.\\pipe\\ospain2-[0-9a-f]{16}$/);
});

test('the folders are for this user alone', { skip: process.platform === 'win32' && 'Windows has no modes' }, () => {
  using temp = tempFolder('data');
  const env = { OSPAIN2_DATA_DIR: join(temp.path, 'root'), XDG_RUNTIME_DIR: temp.path };
  const data = dataFolder(temp.path, env);
  mkdirSync(data.folder, { recursive: true, mode: 0o755 });
  createFolders(data);
  for (const folder of [data.folder, dirname(data.socket)]) assert.equal(statSync(folder).mode & 0o777, 0o700, folder);
});

test('a folder that cannot be made is an error with a code', () => {
  using temp = tempFolder('data');
  writeFileSync(join(temp.path, 'file'), '');
  symlinkSync(join(temp.path, 'nowhere'), join(temp.path, 'dangling'));
  const create = (root: string) => createFolders(dataFolder(temp.path, { OSPAIN2_DATA_DIR: join(temp.path, root) }));
  assert.throws(() => create('file/root'), { name: 'OspainError', code: 'storage_read_only' });
  assert.throws(() => create('dangling/root'), { name: 'OspainError', code: 'storage_failed' });
});

test('a socket folder that leads elsewhere is refused', { skip: process.platform === 'win32' && 'named pipes' }, () => {
  using temp = tempFolder('data');
  mkdirSync(join(temp.path, 'elsewhere'));
  symlinkSync(join(temp.path, 'elsewhere'), join(temp.path, 'ospain2'));
  const data = dataFolder(temp.path, { OSPAIN2_DATA_DIR: join(temp.path, 'root'), XDG_RUNTIME_DIR: temp.path });
  assert.throws(() => createFolders(data), { code: 'unavailable' });
});
