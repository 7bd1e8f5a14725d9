import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ApiServer, startApiServer } from '../../../../support/apiServer.ts';
import { writeRandomModel } from '../../../../support/gguf/randomModel.ts';
import { tempFolder } from '../../../../support/temp.ts';

interface Version {
  name: string;
  version: string;
  sha256: string;
  bytes: number;
  aliases: string[];
  tags: string[];
  files: { name: string; bytes: number; sha256: string }[];
}

describe('the registry over the API', { timeout: 60_000 }, () => {
  const folder = tempFolder('registry');
  let server: ApiServer;
  const file = (seed: number) => {
    const path = join(folder.path, `tiny-${seed}.gguf`);
    writeRandomModel(path, { seed });
    return path;
  };
  const ask = async (method: string, path: string, body?: object) => {
    const response = await server.fetch(path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as never };
  };

  before(async () => {
    server = await startApiServer();
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('imports files of this machine as versions that never change', async () => {
    const first = await ask('POST', '/models', { path: file(1), name: 'tiny', alias: 'quick' });
    assert.deepEqual([first.status, first.headers.get('location')], [201, '/models/tiny/versions/1.0.0']);
    const version: Version = first.body;
    assert.deepEqual([version.name, version.version, version.aliases], ['tiny', '1.0.0', ['quick']]);
    assert.match(version.sha256, /^[\da-f]{64}$/);
    assert.deepEqual(version.files, [{ name: 'tiny-1.gguf', bytes: version.bytes, sha256: version.sha256 }]);
    const again = await ask('POST', '/models', { path: file(1), name: 'tiny', version: '1.0.0' });
    assert.equal(again.status, 200);
    const other = await ask('POST', '/models', { path: file(2), name: 'tiny', version: '1.0.0' });
    assert.deepEqual([other.status, (other.body as { code: string }).code], [409, 'conflict']);
    const next = await ask('POST', '/models', { path: file(2), name: 'tiny', version: 'latest' });
    assert.deepEqual([next.status, (next.body as Version).version], [201, '1.1.0']);
  });

  it('lists and shows them, and nothing of where they are kept', async () => {
    const all = await ask('GET', '/models');
    const { models } = all.body as { models: { name: string; latest: string; versions: string[]; aliases: object }[] };
    const tiny = models.find(({ name }) => name === 'tiny');
    assert.deepEqual(tiny, {
      name: 'tiny',
      latest: '1.1.0',
      versions: ['1.1.0', '1.0.0'],
      aliases: { quick: '1.0.0' },
    });
    assert.ok(models.some(({ name }) => name === 'canary'));
    const whole = (await ask('GET', '/models/tiny')).body as { latest: string; versions: Version[] };
    const listed = (await ask('GET', '/models/tiny/versions')).body as { versions: Version[] };
    assert.deepEqual(whole.versions, listed.versions);
    const [latest, first] = listed.versions;
    for (const [ref, version] of [
      ['1.1.0', latest],
      ['latest', latest],
      ['1.0.0', first],
      ['quick', first],
    ] as const)
      assert.deepEqual((await ask('GET', `/models/tiny/versions/${ref}`)).body, version, ref);
    for (const { body } of [all, await ask('GET', '/models/tiny')])
      assert.doesNotMatch(JSON.stringify(body), /"(path|artifact)"|ospain2-/);
  });

  it('points aliases and sets tags', async () => {
    const pointed = await ask('PATCH', '/models/tiny', { aliases: { quick: '1.1.0', other: 'latest' } });
    assert.deepEqual((pointed.body as { aliases: object }).aliases, { quick: '1.1.0', other: '1.1.0' });
    const gone = await ask('PATCH', '/models/tiny', { aliases: { other: null } });
    assert.deepEqual((gone.body as { aliases: object }).aliases, { quick: '1.1.0' });
    assert.equal((await ask('PATCH', '/models/tiny', { aliases: { other: null } })).status, 404);
    assert.equal((await ask('PATCH', '/models/tiny', { aliases: { quick: '9.9.9' } })).status, 404);
    assert.equal((await ask('PATCH', '/models/tiny', { aliases: { canary: '1.0.0' } })).status, 409);
    for (const tags of [['a', 'b'], ['b', 'c'], []]) {
      const tagged = await ask('PATCH', '/models/tiny/versions/1.0.0', { tags });
      assert.deepEqual((tagged.body as Version).tags.toSorted(), tags);
    }
  });

  it('refuses what is no name, no version and no model file', async () => {
    const text = join(folder.path, 'text.gguf');
    writeRandomModel(text, {});
    const bytes = readFileSync(text);
    const cases: [method: string, path: string, body: object | undefined, status: number][] = [
      ['GET', '/models/nobody', undefined, 404],
      ['GET', '/models/nobody/versions', undefined, 404],
      ['GET', '/models/tiny/versions/9.9.9', undefined, 404],
      ['GET', '/models/..%2f..%2fetc', undefined, 400],
      ['GET', '/models/%2e%2e%2fx/versions/1.0.0', undefined, 400],
      ['GET', '/models/tiny/versions/..%2f1.0.0', undefined, 404],
      ['DELETE', '/models/a%00b', undefined, 400],
      ['POST', '/models', {}, 400],
      ['POST', '/models', { path: 'relative.gguf' }, 400],
      ['POST', '/models', { path: join(folder.path, 'none.gguf') }, 404],
      ['POST', '/models', { path: file(3), name: '../x' }, 400],
      ['POST', '/models', { path: file(3), name: 'x', version: 'one' }, 400],
      ['POST', '/models', { path: '/etc/passwd', name: 'x' }, 422],
      ['PATCH', '/models/tiny', { aliases: { '../x': '1.0.0' } }, 400],
      ['PATCH', '/models/tiny/versions/1.0.0', { tags: ['a b'] }, 400],
      ['PATCH', '/models/tiny/versions/1.0.0', { version: '2.0.0' }, 400],
      ['PUT', '/models/tiny', undefined, 405],
      ['DELETE', '/models/canary', undefined, 409],
    ];
    for (const [method, path, body, status] of cases) {
      const answer = await ask(method, path, body);
      assert.equal(answer.status, status, `${method} ${path} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`);
    }
    assert.ok(readFileSync(text).equals(bytes));
  });

  it('removes a version, and a model', async () => {
    const removed = await ask('DELETE', '/models/tiny/versions/1.0.0');
    assert.equal(removed.status, 200);
    const { freed, ...what } = removed.body as { freed: number };
    assert.deepEqual(what, { name: 'tiny', version: '1.0.0' });
    assert.ok(freed > 0);
    assert.equal((await ask('GET', '/models/tiny/versions/1.0.0')).status, 404);
    assert.equal((await ask('DELETE', '/models/tiny')).status, 200);
    assert.equal((await ask('GET', '/models/tiny')).status, 404);
  });

  it('takes a path only from programs on this machine', async (t) => {
    await using open = await startApiServer([], { lan: true });
    const [address] = open.api.addresses;
    // From there a request comes as from another machine.
    if (address === undefined) return t.skip('this machine has no address in a network');
    const from = (url: string) =>
      fetch(`${url}/models`, {
        method: 'POST',
        body: JSON.stringify({ path: file(9), name: 'nine' }),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${open.token}` },
      });
    assert.equal((await from(address)).status, 403);
    assert.equal((await from(open.api.url)).status, 201);
  });
});
