import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { type Service, serviceId } from '../../../cli/service/service.ts';
import { createSystemd, unitText } from '../../../cli/service/systemd.ts';
import { tempFolder } from '../../support/temp.ts';

/** Every character that some format has a meaning for. */
const odd = 'Größe 100%h "$HOME" \\t \'x\' 工具 #;{}';
const service = (folder: string): Service => ({
  id: serviceId(folder),
  workspace: folder,
  command: [join(folder, 'node'), join(folder, 'cli.js'), '--workspace', folder, 'serve'],
  env: { OSPAIN2_DATA_DIR: join(folder, 'data %h') },
});

it('has a shell start a program that systemd itself would not', () => {
  const text = unitText({ id: 'a', workspace: '/a', command: ["/it's/node", 'x'], env: {} });
  assert.match(text, /^ExecStart=:"\/bin\/sh" "-c" "exec \\"\$0\\" \\"\$@\\"" "\/it's\/node" "x"$/m);
});

it('quotes for systemd what it would read otherwise', () => {
  const text = unitText({ id: 'a', workspace: '/a %u', command: ['/a b/node', '"\\x%h$A'], env: { A: '1 %"' } });
  assert.match(text, /^ExecStart=:"\/a b\/node" "\\"\\\\x%%h\$A"$/m);
  assert.match(text, /^Environment="A=1 %%\\""$/m);
  assert.match(text, /^Description=OSPAiN2 for \/a %%u$/m);
});

const analyzer = '/usr/bin/systemd-analyze';
const without = !existsSync(analyzer) && 'systemd is not installed here';

it('writes units that systemd itself finds right, and whose program it finds', { skip: without }, async () => {
  using temp = tempFolder('systemd');
  const folder = join(temp.path, odd);
  mkdirSync(folder);
  writeFileSync(join(folder, 'node'), '#!/bin/sh\n');
  chmodSync(join(folder, 'node'), 0o755);
  const file = join(temp.path, 'ospain2-test.service');
  const verify = async (text: string) => {
    writeFileSync(file, text);
    const env = { ...process.env, XDG_RUNTIME_DIR: temp.path, SYSTEMD_LOG_LEVEL: 'warning' };
    const args = ['verify', '--user', '--man=no', file];
    const { stdout, stderr } = await promisify(execFile)(analyzer, args, { env }).catch((thrown) => thrown);
    return `${stdout}${stderr}`.split('\n').filter((line) => line.includes('ospain2-test'));
  };
  assert.deepEqual(await verify(unitText(service(folder))), []);
  const plain = join(temp.path, 'Größe 100%h $HOME 工具 #;{}');
  renameSync(folder, plain);
  assert.deepEqual(await verify(unitText(service(plain))), [], 'without a shell');
  assert.notDeepEqual(await verify(unitText(service(plain)).replaceAll('%%', '%')), [], 'it would say so');
  assert.notDeepEqual(await verify(unitText(service(join(temp.path, 'missing')))), [], 'it looks for the program');
});

it('installs, enables, lists and removes', async () => {
  using temp = tempFolder('systemd');
  const workspace = join(temp.path, odd);
  mkdirSync(workspace);
  const manager = createSystemd({ PATH: temp.path }, temp.path);
  assert.deepEqual(await manager.list(), []);
  const one = service(workspace);
  const { where, changed } = await manager.install(one);
  assert.equal(changed, true);
  assert.equal(where, join(temp.path, '.config/systemd/user', `ospain2-${one.id}.service`));
  assert.equal((await manager.install(one)).changed, false);
  const link = join(temp.path, '.config/systemd/user/default.target.wants', `ospain2-${one.id}.service`);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readFileSync(link, 'utf8'), unitText(one));
  assert.equal((await manager.install({ ...one, env: {} })).changed, true);
  assert.deepEqual(await manager.list(), [{ id: one.id, workspace, where }]);
  assert.equal(await manager.start(one), false, 'there is no systemctl');
  for (const written of await manager.list()) await manager.remove(written);
  assert.deepEqual([existsSync(where), lstatSync(link, { throwIfNoEntry: false })], [false, undefined]);
  assert.deepEqual(await manager.list(), []);
});

it('refuses a path with a line break, which would be another line of the unit', async () => {
  using temp = tempFolder('systemd');
  const bad = { ...service(temp.path), workspace: '/a\nExecStart=/bin/evil' };
  await assert.rejects(createSystemd({}, temp.path).install(bad), { code: 'invalid_params' });
  assert.equal(existsSync(join(temp.path, '.config')), false);
});
