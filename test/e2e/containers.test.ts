import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { packTar } from 'modern-tar/fs';
import type { Client, OspainError, Task } from '../../protocol/index.ts';
import { startContainer } from '../../server/inference/runtimes/container/container.ts';
import { containerOptions } from '../../server/inference/runtimes/container/containerOptions.ts';
import { openEngine } from '../../server/inference/runtimes/container/engine.ts';
import { labelsOf } from '../../server/inference/runtimes/container/leftovers.ts';
import { readyEngine } from '../../server/inference/runtimes/container/readyEngine.ts';
import { VERSION } from '../../server/version.ts';
import { noContainers, nodeInside } from '../support/docker/containers.ts';
import { noEngine, startEngine, type TestEngine } from '../support/docker/dockerd.ts';
import { imagesOf } from '../support/docker/image.ts';
import { writeLongTalker } from '../support/longTalker.ts';
import { ended, firstEvent, startServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

const QUESTION = { kind: 'ask', instruction: 'Tell me more.', maxAttempts: 20 } as const;
const slow = { timeout: 120_000 };
const skip = await noEngine();

describe('workers in containers', { skip, timeout: 240_000 }, () => {
  let engine: TestEngine;
  const models = tempFolder('models');
  const talker = writeLongTalker(join(models.path, 'talker mit ü.gguf'));
  before(async () => {
    engine = await startEngine();
  }, slow);
  after(async () => {
    await engine[Symbol.asyncDispose]();
    models[Symbol.dispose]();
  }, slow);

  const owner = { folder: '/nowhere', server: `${process.pid}:test` };
  const images = () => imagesOf(engine);
  const open = async (more: Record<string, unknown> = {}) => {
    const [workspace, data] = [sampleWorkspace(), tempFolder('data')];
    const options = {
      ...{ workspace: workspace.path, data: data.path, env: { DOCKER_HOST: engine.host } },
      settings: { workers: { runtime: 'container' }, ...more },
    };
    return {
      ...{ workspace: workspace.path, options, server: await startServer(options) },
      async [Symbol.asyncDispose]() {
        await this.server[Symbol.asyncDispose]();
        workspace[Symbol.dispose]();
        data[Symbol.dispose]();
      },
    };
  };
  const ask = async (client: Client) => {
    const messages = [{ role: 'user' as const, text: 'Who?' }];
    return client.request('inference/chat', { model: 'canary', messages });
  };

  test('without an image, and with one of another version, it is said what to do', slow, async () => {
    await using t = await open();
    const refused = (code: string, hint: RegExp) =>
      assert.rejects(ask(t.server.client), (error: OspainError) => error.code === code && hint.test(error.hint ?? ''));
    await refused('image_missing', /ospain2 image build/);
    const changes = ['LABEL ospain2.image=worker', 'LABEL ospain2.version=0.0.1'];
    const content = [{ type: 'content' as const, target: 'a', content: 'a' }];
    const made = await engine.docker.importImage(packTar(content), { repo: 'ospain2-worker', tag: '0.0.1', changes });
    await once(made.resume(), 'end');
    await refused('image_differs', /ospain2 image build/);
    const instruction = 'Set RETRY_MAX to 5 in src/limits.ts.';
    const { task } = await t.server.client.request('task/submit', { instruction });
    assert.equal((await ended(t.server.client, task.id)).error?.code, 'image_differs');
    assert.equal((await images().status()).images[0]?.fits, false);
  });

  test('the image is made of what is here, and says what it is', slow, async () => {
    const built = await images().build();
    assert.match(built.tag, new RegExp(`^ospain2-worker:${VERSION}-[0-9a-f]{12}$`));
    const { images: found } = await images().status();
    assert.deepEqual(
      found.map(({ tag, version, fits }) => ({ tag, version, fits })),
      [
        { tag: built.tag, version: VERSION, fits: true },
        { tag: 'ospain2-worker:0.0.1', version: '0.0.1', fits: false },
      ],
    );
    assert.deepEqual((await images().build()).tag, built.tag, 'the same files are the same image');
  });

  test('the task of the demo is done in a container that reaches nothing', slow, async () => {
    await using t = await open();
    const { client } = t.server;
    const { task } = await client.request('task/submit', {
      ...{ instruction: 'Set RETRY_MAX to 5 in src/limits.ts.', autoAccept: 'edits' },
    });
    const end = await ended(client, task.id);
    assert.equal(end.status, 'done', JSON.stringify(end.error));
    assert.match(readFileSync(join(t.workspace, 'src/limits.ts'), 'utf8'), /RETRY_MAX = 5;/);

    const status = await client.request('server/status', {});
    assert.equal(status.workerRuntime, 'container');
    const [worker] = status.workers;
    assert.ok(worker?.container && (worker.memoryBytes ?? 0) > 10e6, JSON.stringify(worker));
    assert.match(readFileSync(`/proc/${worker.pid}/cmdline`, 'utf8'), /^\/ospain2\/node\0\/ospain2\/worker\.js/);
    const { HostConfig, Config } = await engine.docker.getContainer(worker.container).inspect();
    assert.deepEqual(
      [HostConfig.NetworkMode, HostConfig.ReadonlyRootfs, HostConfig.CapDrop, HostConfig.SecurityOpt, HostConfig.Init],
      ['none', true, ['ALL'], ['no-new-privileges'], true],
    );
    assert.equal(HostConfig.Memory, HostConfig.MemorySwap);
    assert.ok((HostConfig.Memory ?? 0) > 1e9 && (HostConfig.Memory ?? 0) < 3e9, `${HostConfig.Memory}`);
    assert.ok((HostConfig.PidsLimit ?? 0) >= 64 && (HostConfig.NanoCpus ?? 0) >= 1e9);
    assert.ok(HostConfig.Mounts && HostConfig.Mounts.length > 0 && HostConfig.Binds === null);
    for (const mount of HostConfig.Mounts as { ReadOnly: boolean; Target: string }[])
      assert.ok(mount.ReadOnly && mount.Target.startsWith('/models/'));
    assert.deepEqual([HostConfig.AutoRemove, HostConfig.LogConfig?.Type], [true, 'none']);
    assert.deepEqual([Config.OpenStdin, Config.StdinOnce, Config.User], [true, true, `${process.getuid?.()}:0`]);

    const probe = await nodeInside(engine.docker, worker.container, PROBE);
    assert.deepEqual(JSON.parse(probe), {
      ...{ loopback: 'ECONNREFUSED', internet: 'ENETUNREACH', name: 'EAI_AGAIN' },
      ...{ root: 'EROFS', models: 'EROFS', program: 'EROFS', run: 'EACCES', interfaces: ['lo'] },
      ...{ capabilities: '0000000000000000', privileges: '1', home: ['.keep'] },
    });
    await t.server.stop();
    await noContainers(engine.docker);
  });

  test('a model elsewhere on the disk is the only file that its worker sees', slow, async () => {
    writeFileSync(join(models.path, 'diary.txt'), 'private');
    await using t = await open({ models: [talker] });
    const { client } = t.server;
    await client.request('model/load', { model: 'default' });
    const [worker] = (await client.request('server/status', {})).workers;
    const list = "console.log(JSON.stringify(require('node:fs').readdirSync('/models', { recursive: true })))";
    const seen = JSON.parse(await nodeInside(engine.docker, worker?.container ?? '', list));
    assert.deepEqual(seen, ['file', 'file/talker mit ü.gguf']);
  });

  test('what takes more memory than it may is ended, and that is said', slow, async () => {
    const ready = await readyEngine({
      ...{ env: { DOCKER_HOST: engine.host }, owner, isKnown: () => true, onSwept: () => {} },
      wanted: () => ({ version: VERSION, program: null }),
    });
    const options = containerOptions({
      ...{ name: 'hungry', image: ready.image, labels: labelsOf(owner), user: undefined, mounts: [] },
      ...{ memory: 100e6, cpus: 1 },
    });
    const hog = 'const all = []; for (;;) all.push(Buffer.alloc(1e6, 1));';
    const streams = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
    const hungry = { ...options, Entrypoint: ['/ospain2/node', '-e', hog] };
    const { exited } = await startContainer(ready, hungry, streams);
    const { signal, failure } = await exited;
    assert.equal(signal, 'SIGKILL');
    assert.equal(failure?.code, 'worker_failed', 'as a process that the system ended');
    assert.match(`${failure?.message} ${failure?.hint}`, /more memory than it may.*smaller model/);
    ready.deaths.close();
    await noContainers(engine.docker);
  });

  /** Has a task that speaks hit by something; on a machine that stalls it may be through before, and then another is asked. */
  const hit = async (client: Client, strike: () => Promise<unknown>, heal = async () => {}): Promise<Task> => {
    for (;;) {
      const { task } = await client.request('task/submit', QUESTION);
      await firstEvent(client, task.id, 'text');
      const met = firstEvent(client, task.id, 'retry');
      await strike();
      const wasMet = await Promise.race([met.then(() => true), ended(client, task.id).then(() => false)]);
      if (wasMet) return task;
      await heal();
    }
  };

  test('a worker that is killed fails no task', slow, async () => {
    await using t = await open({ models: [talker] });
    const { client } = t.server;
    const task = await hit(client, async () => {
      const [worker] = (await client.request('server/status', {})).workers;
      await engine.docker.getContainer(worker?.container ?? '').kill();
    });
    const end = await ended(client, task.id);
    assert.equal(end.status, 'done', JSON.stringify(end.error));
  });

  test('when the engine is killed, tasks wait for it and go on', slow, async () => {
    await using t = await open({ models: [talker] });
    const { client } = t.server;
    const task = await hit(client, engine.kill, engine.start);
    const { data } = await firstEvent(client, task.id, 'waiting');
    assert.match(JSON.stringify(data), /engine at .* went away/);
    await assert.rejects(ask(client), { code: 'containers_missing' });
    await engine.start();
    const end = await ended(client, task.id);
    assert.equal(end.status, 'done', JSON.stringify(end.error));
    await t.server.stop();
    await noContainers(engine.docker);
  });

  test('what a dead server left is swept, and what others have stays', slow, async () => {
    await using t = await open();
    const { client } = t.server;
    await client.request('model/load', { model: 'canary' });
    const [worker] = (await client.request('server/status', {})).workers;
    const own = engine.docker.getContainer(worker?.container ?? '');
    const { Config } = await own.inspect();
    // Between creating and starting: nothing but the next start of a server finds it.
    const Labels = { ...Config.Labels, 'ospain2.server': '999999:gone' };
    await engine.docker.createContainer({ name: 'left', Image: Config.Image, Labels });
    const others = { ...Labels, 'ospain2.owner': 'somebody else' };
    const foreign = await engine.docker.createContainer({ name: 'foreign', Image: Config.Image, Labels: others });
    const beside = await startServer({ ...t.options, workspace: t.options.data });
    await ask(beside.client);
    await assert.rejects(engine.docker.getContainer('left').inspect(), { statusCode: 404 });
    await own.inspect();
    await foreign.remove();
    // A kill leaves no time to end anything.
    await beside.kill();
    await t.server.kill();
    await noContainers(engine.docker);
  });

  test('an engine that is missing or that this user may not use is named', slow, async () => {
    const missing = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    await assert.rejects(openEngine(missing), { code: 'containers_missing', message: /\/nowhere\/docker\.sock/ });
    const remote = { DOCKER_HOST: 'tcp://10.0.0.1:2375' };
    await assert.rejects(openEngine(remote), { code: 'containers_missing', message: /another machine/ });
  });

  test('images of all versions are removed', slow, async () => {
    await noContainers(engine.docker);
    const { removed } = await images().remove();
    assert.equal(removed.length, 2);
    assert.deepEqual((await images().status()).images, []);
  });
});

/** What a worker could try; prints what each attempt is answered. */
const PROBE = `
const net = require('node:net'), fs = require('node:fs'), dns = require('node:dns'), os = require('node:os');
const connect = (host, port) => new Promise((done) => net.connect(port, host).on('error', (e) => done(e.code)).on('connect', () => done('connected')));
const write = (file) => { try { fs.writeFileSync(file, 'x'); return 'written'; } catch (e) { return e.code; } };
const status = fs.readFileSync('/proc/self/status', 'utf8');
const run = () => { fs.writeFileSync('/tmp/a', '#!/ospain2/node'); fs.chmodSync('/tmp/a', 0o755); return require('node:child_process').spawnSync('/tmp/a').error?.code; };
(async () => console.log(JSON.stringify({
  loopback: await connect('127.0.0.1', 9), internet: await connect('9.9.9.9', 53),
  name: await new Promise((done) => dns.lookup('example.org', (e) => done(e?.code ?? 'found'))),
  root: write('/x'), models: write('/models/0/x'), program: write('/ospain2/worker.js'), run: run(),
  interfaces: Object.keys(os.networkInterfaces()),
  capabilities: /CapEff:\\s*(\\S+)/.exec(status)[1], privileges: /NoNewPrivs:\\s*(\\d)/.exec(status)[1],
  home: fs.readdirSync('/tmp').filter((name) => name === '.keep').concat('.keep').slice(0, 1),
})))();`;
