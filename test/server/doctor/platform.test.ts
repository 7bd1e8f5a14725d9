import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { checkContainers, checkPort } from '../../../server/doctor/listeners.ts';
import { checkDatabase, checkLibraries, checkNode } from '../../../server/doctor/platform.ts';
import { checkSandbox } from '../../../server/doctor/sandbox.ts';
import { tempFolder } from '../../support/temp.ts';

const VISUAL_C = ['vcruntime140.dll', 'vcruntime140_1.dll', 'msvcp140.dll'];

describe('the doctor, of Node and the system', () => {
  it('takes this Node and refuses an older one', () => {
    assert.equal(checkNode(process.versions).status, 'ok');
    const { status, found, advice } = checkNode({ ...process.versions, node: '20.20.2', napi: '9' });
    assert.deepEqual([status, found], ['failed', 'Node 20.20.2 with Node-API 9']);
    assert.match(advice ?? '', /22\.14/);
  });

  for (const [glibc, status] of [
    ['2.34', 'ok'],
    ['2.41', 'ok'],
    ['2.31', 'failed'],
    ['1.99', 'failed'],
    [undefined, 'failed'],
  ] as const)
    it(`glibc ${glibc ?? 'missing'} is ${status}`, () =>
      assert.equal(checkLibraries({ platform: 'linux', env: {}, addons: [], glibc }).status, status));

  it('looks for the Visual C++ runtime in System32, then beside every addon', () => {
    using temp = tempFolder('doctor');
    const folders = ['System32', 'one', 'other'].map((name) => join(temp.path, name));
    const [system = '', ...addons] = folders;
    for (const folder of folders) mkdirSync(folder);
    const check = () => checkLibraries({ platform: 'win32', env: { SystemRoot: temp.path }, addons, glibc: undefined });
    const put = (folder: string) => VISUAL_C.map((name) => writeFileSync(join(folder, name), ''));
    assert.match(check().found, /^vcruntime140\.dll, vcruntime140_1\.dll, msvcp140\.dll missing/);
    assert.match(check().advice ?? '', /vc_redist/);
    put(addons[0] ?? '');
    assert.equal(check().status, 'failed', 'only one of two addons has them');
    put(addons[1] ?? '');
    assert.equal(check().status, 'ok');
    writeFileSync(join(system, 'msvcp140.dll'), '');
    assert.equal(check().status, 'ok');
  });

  it('loads the database addon and enciphers', async () => assert.equal((await checkDatabase()).status, 'ok'));
});

describe('the doctor, of what listens', () => {
  it('tells a port in use from a free one', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { status, found, advice } = await checkPort(port);
    assert.deepEqual([status, found], ['warning', `${port} is in use`]);
    assert.match(advice ?? '', /--port/);
    await new Promise((resolve) => server.close(resolve));
    assert.equal((await checkPort(port)).status, 'ok');
  });

  it('needs no container engine, and says when one does not let it in', async () => {
    using temp = tempFolder('doctor');
    const place = join(temp.path, 'engine.sock');
    const env = { DOCKER_HOST: `unix://${place}` };
    assert.equal((await checkContainers(env)).status, 'ok', 'none');
    writeFileSync(place, '');
    assert.equal((await checkContainers(env)).status, 'warning', 'nobody listens');
  });

  it('finds one that listens', { skip: process.platform === 'win32' && 'a pipe there' }, async () => {
    using temp = tempFolder('doctor');
    const place = join(temp.path, 'engine.sock');
    const server = createServer();
    await once(server.listen(place), 'listening');
    const { status, found } = await checkContainers({ DOCKER_HOST: `unix://${place}` });
    server.close();
    assert.deepEqual([status, found], ['ok', `an engine at ${place}`]);
  });
});

describe('the doctor, of the sandbox', () => {
  it('says what to do where bubblewrap is missing', async () => {
    const { status, advice } = await checkSandbox({ ...process.env, PATH: '/nowhere' });
    if (process.platform !== 'linux') return;
    assert.equal(status, 'warning');
    assert.match(advice ?? '', /apt install bubblewrap/);
  });
});
