import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { createLaunchd, plistText } from '../../../cli/service/launchd.ts';
import { type Service, serviceId } from '../../../cli/service/service.ts';
import { installPython } from '../../support/installPackages.ts';
import { tempFolder } from '../../support/temp.ts';

const odd = 'Größe 100% "$HOME" <a>&amp; \'x\' ]]> 工具';
const service = (folder: string): Service => ({
  id: serviceId(folder),
  workspace: folder,
  command: ['/usr/local/bin/node', join(folder, 'cli.js'), '--workspace', folder, 'serve'],
  env: { OSPAIN2_DATA_DIR: `${folder} & more` },
});

it('writes a property list that others read as it was meant', { skip: process.platform === 'win32' }, async () => {
  await installPython();
  const one = service(`/Users/${odd}`);
  const read = 'import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.argv[1].encode())))';
  const { stdout } = await promisify(execFile)('python3', ['-c', read, plistText(one)]);
  assert.deepEqual(JSON.parse(stdout), {
    Label: `ospain2.${one.id}`,
    Ospain2Workspace: one.workspace,
    ProgramArguments: one.command,
    EnvironmentVariables: one.env,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
  });
});

it('installs, lists and removes', async () => {
  using temp = tempFolder('launchd');
  const workspace = join(temp.path, odd.replaceAll('/', ''));
  mkdirSync(workspace);
  const manager = createLaunchd({ PATH: temp.path }, temp.path);
  const one = service(workspace);
  const { where, changed } = await manager.install(one);
  assert.deepEqual([where, changed], [join(temp.path, 'Library/LaunchAgents', `ospain2.${one.id}.plist`), true]);
  assert.equal((await manager.install(one)).changed, false);
  assert.deepEqual(await manager.list(), [{ id: one.id, workspace, where }]);
  assert.equal(await manager.start(one), false, 'there is no launchctl');
  for (const written of await manager.list()) await manager.remove(written);
  assert.equal(existsSync(where), false);
  assert.deepEqual(await manager.list(), []);
});
