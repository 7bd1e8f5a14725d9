import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { HubSession, PROOF_HEADER } from '../../../../../protocol/index.ts';
import { type Browser, browserIn, type ServedApi, serveApi, statusOf, WORKSPACE } from '../serveApi.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const enter = (url: string, headers: Record<string, string> = {}) => fetch(url, { redirect: 'manual', headers });

/** Whether a browser may do what only persons may; the line answers that it is a WebSocket. A connection of its own survives no restart. */
const isIn = async ({ api, raw }: ServedApi, browser: Partial<Browser>): Promise<boolean> => {
  const own = Object.entries(browser).map(([name, value]) => `${name}: ${value}`);
  const head = [`Host: 127.0.0.1:${api.port}`, ...own, 'Connection: close'].join('\r\n');
  const status = statusOf(await raw(`GET /hub/line HTTP/1.1\r\n${head}\r\n\r\n`));
  assert.ok(status === 426 || status === 401, String(status));
  return status === 426;
};

describe('the way into the hub', { timeout: 60_000 }, () => {
  it('is a link that makes a cookie that scripts and other sites do not get', async () => {
    await using served = await serveApi();
    const { url, expiresAt } = await served.carrier.openHub({ serve: false });
    assert.match(url, new RegExp(`^http://127\\.0\\.0\\.1:${served.api.port}/hub/enter\\?ticket=[\\w-]{43}$`));
    assert.ok(expiresAt - Date.now() <= 5 * MINUTE);
    const answer = await enter(url);
    assert.equal(answer.status, 303);
    assert.match(answer.headers.get('location') ?? '', new RegExp(`^/hub/#entered=${WORKSPACE}\\.[\\w-]{43}$`));
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    const name = `ospain2-${served.api.port}-${WORKSPACE.slice(0, 8)}`;
    assert.match(
      answer.headers.get('set-cookie') ?? '',
      new RegExp(`^${name}=[\\w-]{43}; Max-Age=${(DAY / 1000) * 30 - 1}?\\d*; Path=/; HttpOnly; SameSite=Strict$`),
    );
    assert.ok(await isIn(served, browserIn(answer)));
    assert.equal((await fetch(`${served.api.url}/hub/line`)).status, 401);
  });

  it('takes a ticket once, and signs whoever was first out when it is shown again', async () => {
    await using served = await serveApi();
    const { url } = await served.carrier.openHub({ serve: false });
    const browser = browserIn(await enter(url));
    assert.ok(await isIn(served, browser));
    const second = await enter(url);
    assert.deepEqual([second.status, second.headers.get('set-cookie')], [403, null]);
    assert.match(await second.text(), /was used before/);
    assert.ok(!(await isIn(served, browser)), 'nobody knows which of the two was the thief');
    assert.match(served.warnings.join(), /used twice/);
    assert.equal((await enter(url)).status, 403);
  });

  it('lets one of two in that show a ticket at one moment, and in the end none', async () => {
    await using served = await serveApi();
    const { url } = await served.carrier.openHub({ serve: false });
    const answers = await Promise.all([enter(url), enter(url), enter(url)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 403, 403]);
    const first = answers.find(({ status }) => status === 303);
    assert.ok(first !== undefined && !(await isIn(served, browserIn(first))));
  });

  it('takes no ticket that is old, changed, missing or of before a sign-out', async () => {
    let time = Date.now();
    await using served = await serveApi({ now: () => time });
    const old = (await served.carrier.openHub({ serve: false })).url;
    time += 5 * MINUTE;
    assert.equal((await enter(old)).status, 403);
    const dropped = (await served.carrier.openHub({ serve: false })).url;
    await served.carrier.signOutHubs();
    const { url } = await served.carrier.openHub({ serve: false });
    const at = url.slice(0, url.indexOf('?'));
    for (const wrong of [
      dropped,
      `${url}x`,
      `${url}&ticket=x`,
      `${at}?ticket=`,
      at,
      `${at}?ticket[]=a`,
      `${at}?ticket=../x`,
    ])
      assert.equal((await enter(wrong)).status, 403, wrong);
    assert.equal((await enter(url)).status, 303);
  });

  it('answers floods of wrong tickets with 429, and right ones all the while', async () => {
    let time = Date.now();
    await using served = await serveApi({ now: () => time, limits: { wrongTickets: 3 } });
    const wrong = () => enter(`${served.api.url}/hub/enter?ticket=${'x'.repeat(43)}`);
    for (const status of [403, 403, 403, 429, 429]) assert.equal((await wrong()).status, status);
    assert.equal((await wrong()).headers.get('retry-after'), '60');
    assert.equal((await enter((await served.carrier.openHub({ serve: false })).url)).status, 303);
    time += MINUTE;
    assert.equal((await wrong()).status, 403);
  });

  it('does not use a link up for a browser that only loads ahead', async () => {
    await using served = await serveApi();
    const { url } = await served.carrier.openHub({ serve: false });
    assert.equal((await enter(url, { 'sec-purpose': 'prefetch;prerender' })).status, 503);
    assert.equal((await enter(url)).status, 303);
  });

  it('shows nothing of the request on its pages', async () => {
    await using served = await serveApi();
    const answer = await enter(`${served.api.url}/hub/enter?ticket=<script>alert(1)</script>`);
    assert.doesNotMatch(await answer.text(), /script|alert/);
    assert.match(answer.headers.get('content-security-policy') ?? '', /^default-src 'none';/);
  });

  it('leads to the hub only while the API is served', async () => {
    await using served = await serveApi();
    const { url } = await served.carrier.openHub({ serve: false });
    await served.carrier.stop();
    await assert.rejects(served.carrier.openHub({ serve: false }), /API is not served/);
    const { port } = await served.carrier.start({ port: served.api.port, lan: false });
    assert.equal((await enter(url.replace(/:\d+/, `:${port}`))).status, 403, 'tickets end with what made them');
  });
});

describe('the port of the hub', { timeout: 60_000 }, () => {
  it('is the usual one, or one of its workspace where that is taken', async () => {
    await using served = await serveApi();
    await served.carrier.stop();
    const usual = createServer();
    // Whoever has it already does as well.
    await new Promise<unknown>((resolve) =>
      usual.once('error', resolve).listen(3100, '127.0.0.1', () => resolve(null)),
    );
    const { url } = await served.carrier.openHub({ serve: true });
    const own = 3101 + (Number.parseInt(WORKSPACE.slice(0, 8), 16) % 800);
    assert.equal(new URL(url).port, String(own));
    assert.equal(new URL((await served.carrier.openHub({ serve: true })).url).port, String(own));
    await served.carrier.stop();
    usual.close();
  });
});

describe('the session of a browser', { timeout: 60_000 }, () => {
  it('survives a restart, and is kept as hashes only', async () => {
    await using served = await serveApi();
    const browser = await served.enter();
    await served.carrier.stop();
    await served.carrier.start({ port: served.api.port, lan: false });
    assert.ok(await isIn(served, browser));
    const kept = readFileSync(join(dirname(served.api.tokenFile), 'hub-sessions.json'), 'utf8');
    for (const secret of [browser.cookie.split('=')[1], browser[PROOF_HEADER]]) {
      assert.match(secret ?? '', /^[\w-]{43}$/);
      assert.ok(!kept.includes(secret ?? ''));
    }
  });

  it('is two secrets: the cookie, which every port of the host is sent, lets nobody in', async () => {
    await using served = await serveApi();
    const [one, other] = [await served.enter(), await served.enter()];
    assert.ok(!(await isIn(served, { cookie: one.cookie })));
    assert.ok(!(await isIn(served, { [PROOF_HEADER]: one[PROOF_HEADER] })));
    assert.ok(!(await isIn(served, { ...one, [PROOF_HEADER]: other[PROOF_HEADER] })));
    for (const proof of ['', 'x', 'x'.repeat(43), `${one[PROOF_HEADER]}x`])
      assert.ok(!(await isIn(served, { ...one, [PROOF_HEADER]: proof })), proof);
    assert.ok((await isIn(served, one)) && (await isIn(served, other)));
  });

  it('says to anybody here whose hub it is, and to a browser whether it is in', async () => {
    await using served = await serveApi();
    const look = async (headers: Record<string, string>) =>
      (await fetch(`${served.api.url}/hub/session`, { headers })).json() as Promise<object>;
    assert.deepEqual(await look({}), { workspace: WORKSPACE, expiresAt: null });
    const browser = await served.enter();
    assert.deepEqual(await look({ cookie: browser.cookie }), { workspace: WORKSPACE, expiresAt: null });
    const { expiresAt } = HubSession.parse(await look(browser));
    assert.ok(expiresAt !== null && expiresAt > Date.now() + 29 * DAY);
    const foreign = { headers: { ...browser, origin: 'http://evil.test' } };
    assert.equal((await fetch(`${served.api.url}/hub/session`, foreign)).status, 403);
  });

  it('ends after its time, and with its browser', async () => {
    let time = Date.now();
    await using served = await serveApi({ now: () => time });
    const [one, other] = [await served.enter(), await served.enter()];
    const origin = served.api.url;
    const leave = (headers: Record<string, string>) => fetch(`${origin}/hub/leave`, { method: 'POST', headers });
    assert.equal((await leave(one)).status, 403, 'a form of another page has the cookie too');
    assert.equal((await leave({ ...one, origin: 'http://evil.test' })).status, 403);
    assert.ok(await isIn(served, one));
    const left = await leave({ ...one, origin });
    assert.equal(left.status, 204);
    assert.match(left.headers.get('set-cookie') ?? '', /=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.deepEqual([await isIn(served, one), await isIn(served, other)], [false, true]);
    time += 30 * DAY;
    assert.ok(!(await isIn(served, other)));
  });

  it('ends for all at once', async () => {
    await using served = await serveApi();
    const browsers = [await served.enter(), await served.enter()];
    assert.equal(await served.carrier.signOutHubs(), 2);
    for (const browser of browsers) assert.ok(!(await isIn(served, browser)));
    const again = await served.enter();
    await served.carrier.stop();
    assert.equal(await served.carrier.signOutHubs(), 1, 'also while nothing is served');
    await served.carrier.start({ port: served.api.port, lan: false });
    assert.ok(!(await isIn(served, again)));
  });

  it('is no token, and the token is no session', async () => {
    await using served = await serveApi();
    const browser = await served.enter();
    assert.equal((await fetch(`${served.api.url}/v1/models`, { headers: browser })).status, 401);
    assert.equal((await served.fetch('/hub/line')).status, 401);
    const [name = '', secret = ''] = browser.cookie.split('=');
    for (const value of ['', 'x', 'x'.repeat(43), `${secret}x`, '../../x', '%00'])
      assert.ok(!(await isIn(served, { ...browser, cookie: `${name}=${value}` })), value);
  });
});
