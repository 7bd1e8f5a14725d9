import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { OspainError } from '../../../../protocol/index.ts';
import type { Progress } from '../../../../server/models/download/meter.ts';
import { type PullOptions, pull, pullFolderName } from '../../../../server/models/download/pull.ts';
import { type LoopbackServer, loopbackServer } from '../../../support/loopback.ts';
import { tempFolder } from '../../../support/temp.ts';
import { egressBench } from '../../egress/workbench.ts';
import { COMMIT, type HubOptions, hub } from './hub.ts';
import { dropAfter, STALL, serveFile, sha256Of, someBytes, testClock } from './workbench.ts';

const KB = 1024;
const one = someBytes(100 * KB, 1);
const two = someBytes(80 * KB, 2);
const TOKEN = 'hf_hunter2';
const TAGS = { latest: 'a-Q4_K_M.gguf', Q4_K_M: 'a-Q4_K_M.gguf', Q8_0: 'big/a-Q8_0-00001-of-00002.gguf' };
const FILES = {
  'a-Q4_K_M.gguf': one,
  'b.gguf': two,
  'big/a-Q8_0-00001-of-00002.gguf': one,
  'big/a-Q8_0-00002-of-00002.gguf': two,
};

type Wanted = Partial<Omit<PullOptions, 'egress' | 'into'>> & { source: string };

/** Pulls into a folder of its own; answers contents by name, the purpose of the egress, and what it reported. */
async function pulled(server: LoopbackServer, wanted: Wanted) {
  using temp = tempFolder('pull');
  const { egress, made, lines } = egressBench();
  const reports: Progress[] = [];
  const base = {
    into: temp.path,
    egress,
    endpoint: new URL(server.origin),
    clock: testClock(),
    limits: { stallMs: STALL },
  };
  const onProgress = (progress: Progress) => reports.push(progress);
  const { name, files } = await pull({ ...base, onProgress, ...wanted });
  for (const { path, sha256 } of files) assert.equal(sha256Of(readFileSync(path)), sha256);
  const contents = Object.fromEntries(files.map(({ path, sha256 }) => [path.slice(temp.path.length + 1), sha256]));
  return { name, contents, made, reports, lines };
}

const paths = (server: LoopbackServer) => server.requests.map(({ url, method }) => `${method} ${url}`);
const isCode =
  (code: string, says = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof OspainError);
    assert.equal(error.code, code, error.message);
    assert.match(`${error.message} ${error.hint}`, says);
    assert.doesNotMatch(JSON.stringify(error.toWire()), /hunter2/);
    return true;
  };

describe('from Hugging Face', () => {
  it('by the name of a quantisation', async () => {
    await using server = await hub({ files: FILES, tags: TAGS });
    for (const source of ['hf:org/repo-GGUF:Q4_K_M', 'hf:org/repo-GGUF']) {
      const { name, contents, made } = await pulled(server, { source });
      assert.equal(name, 'repo');
      assert.deepEqual(contents, { 'a-Q4_K_M.gguf': sha256Of(one) });
      assert.ok(made.every(({ purpose }) => purpose.startsWith('pull hf:org/repo-GGUF:')));
    }
    assert.deepEqual(paths(server).slice(0, 3), [
      'GET /v2/org/repo-GGUF/manifests/Q4_K_M',
      'GET /api/models/org/repo-GGUF/tree/main',
      `GET /org/repo-GGUF/resolve/${COMMIT}/a-Q4_K_M.gguf`,
    ]);
  });

  it('all parts of a split model, of one commit, over pages of a list, with progress over all', async () => {
    await using server = await hub({ files: FILES, tags: TAGS, page: 1 });
    for (const source of ['hf:org/repo:Q8_0', 'hf:org/repo/big/a-Q8_0-00002-of-00002.gguf']) {
      const { contents, reports } = await pulled(server, { source });
      assert.deepEqual(contents, {
        'a-Q8_0-00001-of-00002.gguf': sha256Of(one),
        'a-Q8_0-00002-of-00002.gguf': sha256Of(two),
      });
      const { length: bytes } = Buffer.concat([one, two]);
      assert.ok(reports.every(({ total }) => total === bytes));
      assert.equal(reports.at(-1)?.received, bytes);
      const received = reports.map((report) => report.received);
      assert.deepEqual(
        received,
        received.toSorted((a, b) => a - b),
      );
    }
    assert.ok(paths(server).includes('GET /api/models/org/repo/tree/main/big?cursor=1'));
  });

  it('from a mirror that has no lists', async () => {
    await using server = await hub({ files: FILES, isBare: true });
    const { contents } = await pulled(server, { source: 'hf:org/repo/b.gguf@v2' });
    assert.deepEqual(contents, { 'b.gguf': sha256Of(two) });
    assert.ok(paths(server).includes('HEAD /org/repo/resolve/v2/b.gguf'));
  });

  it('with a token that no other host sees', async () => {
    await using store = await loopbackServer((request, response) => serveFile(request, response, two));
    await using server = await hub({ files: FILES, store });
    const wanted = { source: 'hf:org/repo/b.gguf', huggingFaceToken: TOKEN };
    await assert.rejects(pulled(server, wanted), isCode('egress_refused', /was not agreed to/));
    const asked: string[] = [];
    const allow = (host: string) => asked.push(host) > 0;
    const { contents, lines } = await pulled(server, { ...wanted, allow });
    assert.deepEqual(contents, { 'b.gguf': sha256Of(two) });
    assert.deepEqual(asked, [store.host]);
    assert.ok(server.requests.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`));
    assert.ok(store.requests.length > 0);
    assert.ok(store.requests.every(({ headers }) => headers.authorization === undefined));
    assert.doesNotMatch(lines.join(), /hunter2/);
  });

  it('again when the host is busy', async () => {
    let busy = 2;
    await using server = await hub({
      files: FILES,
      tags: TAGS,
      instead: (_, response) => busy-- > 0 && !!response.writeHead(429, { 'retry-after': '3' }).end(),
    });
    const clock = testClock();
    await pulled(server, { source: 'hf:org/repo', clock });
    assert.deepEqual(clock.waits, [3000, 3000]);
  });

  it('wrong bytes are noticed, for the list says the hash', async () => {
    await using store = await loopbackServer((request, response) =>
      serveFile(request, response, someBytes(two.length, 3)),
    );
    await using server = await hub({ files: FILES, store });
    await assert.rejects(
      pulled(server, { source: 'hf:org/repo/b.gguf', allow: () => true }),
      isCode('content_differs', /other bytes than were announced/),
    );
  });

  const answers =
    (status: number, headers: Record<string, string>, body = '{}'): HubOptions['instead'] =>
    (_, response) =>
      !!response.writeHead(status, headers).end(body);
  const manifest = (rfilename: string) => JSON.stringify({ ggufFile: { rfilename } });
  const bad: [what: string, source: string, instead: HubOptions['instead'], code: string, says: RegExp][] = [
    ['no such quantisation', 'hf:org/repo:Q9', answers(404, {}), 'not_found', /has no "Q9" in GGUF format/],
    ['no such file', 'hf:org/repo/c.gguf', undefined, 'not_found', /has no file "c\.gguf"/],
    ['a missing part', 'hf:org/repo/big/a-Q8_0-00001-of-00003.gguf', undefined, 'not_found', /of-00003/],
    ['too many parts', 'hf:org/repo/a-00001-of-99999.gguf', undefined, 'not_found', /99999 parts/],
    [
      'a gated model',
      'hf:org/repo/b.gguf',
      answers(403, { 'x-error-code': 'GatedRepo' }),
      'fetch_denied',
      /Accept the terms/,
    ],
    [
      'no such repository',
      'hf:org/repo/b.gguf',
      answers(401, { 'x-error-code': 'RepoNotFound' }),
      'not_found',
      /HF_TOKEN/,
    ],
    ['a path out', 'hf:org/repo', answers(200, {}, manifest('../../x.gguf')), 'content_differs', /names a file/],
    ['no JSON', 'hf:org/repo', answers(200, {}, '<html>'), 'content_differs', /not what was asked for/],
    ['other JSON', 'hf:org/repo', answers(200, {}, '{"ggufFile":7}'), 'content_differs', /not what was asked for/],
    ['endless JSON', 'hf:org/repo', answers(200, {}, ' '.repeat(9 * KB * KB)), 'content_differs', /more than anybody/],
    ['a broken host', 'hf:org/repo', answers(502, {}), 'fetch_failed', /cannot answer right now \(502\)/],
  ];
  for (const [what, source, instead, code, says] of bad)
    it(`${what}: ${code}`, async () => {
      await using server = await hub({ files: FILES, tags: TAGS, ...(instead && { instead }) });
      await assert.rejects(pulled(server, { source, huggingFaceToken: TOKEN }), isCode(code, says));
    });
});

describe('from another registry', () => {
  /** As `GET /models/{name}/versions/{version}` answers, and its files. */
  const registry = (about: object, files: Record<string, Buffer>) =>
    loopbackServer((request, response, nth) => {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(401).end();
      if (request.url === '/models/qwen/versions/1.0.0') return response.end(JSON.stringify(about));
      const content = files[request.url ?? ''];
      if (content === undefined) return response.writeHead(404).end();
      return nth === 1 ? dropAfter(70 * KB, request, response, content) : serveFile(request, response, content);
    });
  const path = '/models/qwen/versions/1.0.0/download';

  it('a file, with a token', async () => {
    const about = { name: 'qwen', sha256: sha256Of(one), bytes: one.length, format: 'gguf' };
    await using server = await registry(about, { [path]: one });
    const source = `ospain2://${server.host}/qwen@1.0.0`;
    const { name, contents } = await pulled(server, { source, registryToken: TOKEN });
    assert.deepEqual([name, contents], ['qwen', { 'qwen.gguf': sha256Of(one) }]);
    assert.notEqual(server.requests[2]?.headers.range, undefined, 'it goes on where the connection dropped');
    await assert.rejects(pulled(server, { source }), isCode('fetch_denied', /needs a token/));
    await assert.rejects(pulled(server, { source: `${source}1`, registryToken: TOKEN }), isCode('not_found'));
  });

  it('several files', async () => {
    const files = [one, two].map((content, n) => ({
      name: `${n}.gguf`,
      bytes: content.length,
      sha256: sha256Of(content),
    }));
    const about = { sha256: '0'.repeat(64), bytes: one.length + two.length, format: 'gguf', files };
    await using server = await registry(about, { [`${path}?file=0.gguf`]: one, [`${path}?file=1.gguf`]: two });
    const wanted = { source: `lan:${server.host}/qwen@1.0.0`, registryToken: TOKEN };
    const { contents } = await pulled(server, wanted);
    assert.deepEqual(contents, { '0.gguf': sha256Of(one), '1.gguf': sha256Of(two) });
  });

  it('names of files that lead out, or twice to one, are refused', async () => {
    const file = { bytes: 1, sha256: '0'.repeat(64) };
    for (const names of [['../x'], ['a', 'A']]) {
      const files = names.map((name) => ({ ...file, name }));
      await using server = await registry({ ...file, format: 'gguf', files }, {});
      const wanted = { source: `lan:${server.host}/qwen@1.0.0`, registryToken: TOKEN };
      await assert.rejects(pulled(server, wanted), isCode('content_differs'));
      assert.equal(server.requests.length, 1);
    }
  });
});

it('from an address, whose query stays out of the log', async () => {
  await using server = await loopbackServer((request, response) => serveFile(request, response, one));
  const { name, contents, made, lines } = await pulled(server, { source: `${server.origin}/x/m.gguf?sig=hunter2` });
  assert.deepEqual([name, contents], ['m', { 'm.gguf': sha256Of(one) }]);
  assert.equal(made[0]?.purpose, `pull ${server.origin}/x/m.gguf`);
  assert.doesNotMatch(lines.join(), /hunter2/);
  assert.equal(server.requests[0]?.url, '/x/m.gguf?sig=hunter2');
});

it('a folder for each model, whatever its address is signed with', () => {
  const name = pullFolderName('https://a.example/m.gguf?sig=1');
  assert.match(name, /^pull-[0-9a-f]{16}$/);
  assert.equal(pullFolderName(' https://a.example/m.gguf?sig=2'), name);
  const others = [
    'https://b.example/m.gguf',
    'hf:a/b',
    'hf:a/b:Q8_0',
    'hf:a/b/c.gguf',
    'hf:a/b/c.gguf@v2',
    'lan:nas/a',
    'lan:nas/a@1',
  ];
  assert.equal(new Set([name, ...others.map((source) => pullFolderName(source))]).size, others.length + 1);
  assert.throws(() => pullFolderName('../x'), { code: 'invalid_params' });
});
