import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ServedApi, serveApi, statusOf } from '../serveApi.ts';

describe('the files of the hub', { timeout: 60_000 }, () => {
  let served: ServedApi;
  before(async () => {
    served = await serveApi();
  });
  after(() => served[Symbol.asyncDispose]());

  const raw = (line: string, host = `127.0.0.1:${served.api.port}`) =>
    served.raw(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  it('are served with a policy that lets nothing in from elsewhere', async () => {
    const answer = await fetch(`${served.api.url}/hub/`);
    assert.equal(answer.status, 200);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const [, nonce = ''] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.ok(policy.includes(`connect-src 'self' ws://127.0.0.1:${served.api.port};`));
    assert.ok((await answer.text()).includes(`<meta property="csp-nonce" nonce="${nonce}">`));
    const again = await fetch(`${served.api.url}/hub/`);
    assert.ok(nonce.length >= 22 && !again.headers.get('content-security-policy')?.includes(nonce));
    for (const [name, value] of [
      ['x-content-type-options', 'nosniff'],
      ['referrer-policy', 'no-referrer'],
      ['x-frame-options', 'DENY'],
      ['cross-origin-opener-policy', 'same-origin'],
      ['cross-origin-resource-policy', 'same-origin'],
      ['cache-control', 'no-cache'],
    ] as const)
      assert.equal(answer.headers.get(name), value, name);
  });

  it('are of their own type, and kept where the name says the content', async () => {
    const answer = await fetch(`${served.api.url}/hub/assets/main-abcd1234.js`);
    assert.match(answer.headers.get('content-type') ?? '', /^(?:text|application)\/javascript/);
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
    for (const path of ['/hub', '/hub/index.html']) {
      const moved = await fetch(`${served.api.url}${path}`, { redirect: 'manual' });
      assert.deepEqual([moved.status, moved.headers.get('location')], [308, '/hub/'], path);
    }
  });

  it('are all that is served: no path leads out of their folder', async () => {
    const paths = [
      '/hub/../secret.txt',
      '/hub/..%2fsecret.txt',
      '/hub/%2e%2e/secret.txt',
      '/hub/%2e%2e%2fsecret.txt',
      '/hub/..%5csecret.txt',
      '/hub/assets/../../secret.txt',
      '/hub/assets/..%2f..%2fsecret.txt',
      '/hub/%252e%252e%252fsecret.txt',
      '/hub/....//secret.txt',
      '/hub//etc/passwd',
      '/hub/%00',
      '/hub/index.html%00.js',
      '/hub/.sources',
      '/hub/assets',
      '/hub/assets/',
      `/hub/${'a/'.repeat(4000)}`,
      '/hub/nothing.js',
    ];
    for (const path of paths) {
      const answer = await raw(`GET ${path}`);
      const status = statusOf(answer);
      assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
      assert.doesNotMatch(answer, /\nsecret|\nhidden|root:/, path);
    }
    assert.equal(statusOf(await raw('GET /hub/%zz')), 400);
  });

  it('are not there under a name of others, for pages of others, or to be changed', async () => {
    assert.equal(statusOf(await raw('GET /hub/', `evil.test:${served.api.port}`)), 421);
    assert.equal(statusOf(await raw('GET /hub/enter?ticket=x', `evil.test:${served.api.port}`)), 421);
    for (const headers of [
      { origin: 'http://evil.test' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      assert.equal((await fetch(`${served.api.url}/hub/`, { headers })).status, 403, JSON.stringify(headers));
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      assert.ok([401, 404].includes((await fetch(`${served.api.url}/hub/`, { method })).status), method);
  });

  it('are for this machine alone, also where the API is for others', async () => {
    await using open = await serveApi({ lan: true });
    for (const address of open.api.addresses) {
      for (const path of ['/hub/', '/hub/enter?ticket=x', '/hub/line', '/hub/assets/main-abcd1234.js'])
        assert.equal((await fetch(`${address}${path}`)).status, 403, `${address}${path}`);
    }
    assert.equal((await fetch(`${open.api.url}/hub/`)).status, 200);
    assert.match((await open.carrier.openHub({ serve: false })).url, /^http:\/\/127\.0\.0\.1:/);
  });

  it('say what is missing when nobody built them', async () => {
    await using bare = await serveApi();
    unlinkSync(join(dirname(bare.api.tokenFile), 'hub', 'index.html'));
    const answer = await fetch(`${bare.api.url}/hub/`);
    assert.deepEqual(
      [answer.status, (await answer.json()) as object],
      [503, { code: 'unavailable', message: 'The hub was not built.', hint: 'npm run build' }],
    );
  });
});
