import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import type { FetchResponse } from '../../../server/egress/exchange.ts';
import { hostMatches, isLocalHost, shown } from '../../../server/egress/hosts.ts';
import { follow } from '../../../server/egress/redirects.ts';

test('local by its form', () => {
  const local = ['localhost', '127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.5', '169.254.1.1'];
  local.push(
    '100.64.0.1',
    '[::1]',
    '[fd12::1]',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
    'nas',
    'nas.local',
    'NAS.lan',
    'a.home.arpa',
  );
  const far = ['8.8.8.8', '172.32.0.1', '192.169.0.1', '100.128.0.1', '0.0.0.0', '[2001:db8::1]', '[::ffff:8.8.8.8]'];
  far.push('huggingface.co', 'local.example', 'lan.com', '127.0.0.1.nip.io');
  for (const host of local) assert.equal(isLocalHost(host), true, host);
  for (const host of far) assert.equal(isLocalHost(host), false, host);
});

test('a pattern of a host', () => {
  const matches = (pattern: string, url: string) => hostMatches(pattern, new URL(url));
  assert.ok(matches('huggingface.co', 'https://huggingface.co/a'));
  assert.ok(matches('HuggingFace.co', 'https://huggingface.co:443/a'));
  assert.ok(matches('*.hf.co', 'https://cas-bridge.xethub.hf.co/a'));
  assert.ok(matches('127.0.0.1:80', 'http://127.0.0.1/'));
  assert.ok(matches('[::1]:3100', 'http://[::1]:3100/'));
  const others = [
    'https://hf.co/',
    'https://evilhf.co/',
    'https://a.hf.co.evil.example/',
    'https://a.hf.co:8443/',
    'http://a.hf.co/',
  ];
  for (const url of others) assert.ok(!matches('*.hf.co', url), url);
});

test('what a person reads of an address has no secrets', () =>
  assert.equal(shown(new URL('https://a:b@c.example/d?sig=e#f')), 'https://c.example/d'));

test('encryption is never given up on the way', async () => {
  const asked: string[] = [];
  const ask = async (url: URL): Promise<FetchResponse> => {
    asked.push(url.href);
    const body = { destroy: () => {} } as unknown as FetchResponse['body'];
    return { status: 302, headers: { location: 'http://127.0.0.1/x' }, url, body };
  };
  await assert.rejects(
    follow(ask, new URL('https://a.example/'), {}, 5),
    (error) => error instanceof OspainError && error.code === 'egress_refused' && /from encryption/.test(error.message),
  );
  assert.deepEqual(asked, ['https://a.example/']);
});
