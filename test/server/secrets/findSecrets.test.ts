import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { findSecrets } from '../../../server/secrets/findSecrets.ts';

/** No key of anybody: made for this test, in two pieces, so that nobody who looks for keys finds them here. */
const [AWS_ID, AWS_KEY] = ['AKIA' + '2OGYBAH6QLPWXYZK', 'wJalrXUtnFEMI/K7MDENG/' + 'bPxRfiCYQ3kLm9ZtAb'];
const GITHUB = 'ghp_' + 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx';
const SLACK = 'xoxb-' + '23984754863-2348975623103-aBcDeFgHiJkLmNoPqRsTuVwX';
const NPM = 'npm_' + 'zbcQefghWjklmnopXrstuvw7yz0129456789';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.' + 'eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P';
const KEY = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n'.repeat(3)}`;

const secretsIn = async (text: string) =>
  (await findSecrets(text)).map(({ start, end, kind }) => [kind, text.slice(start, end)]);

describe('secrets', () => {
  const cases: readonly (readonly [text: string, kind: string, secret: string])[] = [
    [`id = ${AWS_ID}`, 'AWS access key', AWS_ID],
    [`AWS_SECRET_ACCESS_KEY=${AWS_KEY}`, 'AWS secret key', AWS_KEY],
    [`remote: https://x@github.com ${GITHUB}`, 'GitHub token', GITHUB],
    [`"slack": ["${SLACK}"]`, 'Slack token', SLACK],
    [`//registry.npmjs.org/:_authToken=${NPM}`, 'npm token', NPM],
    ['postgres://app:h4nter22secret@db.internal:5432/x', 'password in an address', 'h4nter22secret'],
    [`Authorization: Bearer ${JWT}`, 'JSON web token', JWT],
    [`${KEY}-----END OPENSSH PRIVATE KEY-----`, 'private key', `${KEY}-----END OPENSSH PRIVATE KEY-----`],
    [`the beginning of one:\n${KEY}`, 'private key', KEY],
    ['DB_PASSWORD=hG7#kq92LmZx', 'password', 'hG7#kq92LmZx'],
    ["  api_key: 'Zx81kQ0pLm27Rt5v',", 'key', 'Zx81kQ0pLm27Rt5v'],
    ['const sessionSecret = "q8Kd02mXv71LpZt4";', 'secret', 'q8Kd02mXv71LpZt4'],
  ];
  for (const [text, kind, secret] of cases)
    it(`are found: ${kind} in ${text.slice(0, 24)}…`, async () => {
      assert.deepEqual(await secretsIn(text), [[kind, secret]]);
      const twice = `${text}\n\nand again\n\n${text}\n`;
      assert.equal((await secretsIn(twice)).length, 2, 'each time');
    });

  it('are not what programs call by such names', async () => {
    for (const text of [
      'const token = createApiToken(location.root);',
      "password: process.env['DB_PASSWORD'] ?? '',",
      'export PASSWORD=$(pass show db)',
      "const TOKEN_FILE = 'api-token-2026';",
      'secret: user-service-account-key1',
      `token: $${'{{'} secrets.GITHUB_TOKEN }}`,
      'API_KEY=your-api-key-goes-here-123',
      'passwordHash = "5f4dcc3b5aa765d61d8327deb882cf99"',
      'access_key = AKIAIOSFODNN7EXAMPLE',
      'maxTokens: 4096, // of the model, 3.5 characters each',
      "grep -- '-----BEGIN RSA PRIVATE KEY-----' *",
    ])
      assert.deepEqual(await secretsIn(text), [], text);
  });

  it('are found in long texts, and in time that grows with them', async () => {
    const filler = readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8').repeat(2);
    const text = `${filler}\nDB_PASSWORD=hG7#kq92LmZx\n${filler}`;
    assert.deepEqual(await secretsIn(text), [['password', 'hG7#kq92LmZx']]);
    // Each would take for ever where a pattern tries all ways to cut a text.
    for (const unit of [
      'a',
      ' ',
      'password',
      'secret=',
      'token: "',
      'eyJ',
      'sk-',
      'Bearer ',
      '-----BEGIN PRIVATE KEY-----\n',
      'https://a:',
      'postgres://a:',
      'A1b2',
      'QWxhZGRpbjpvcGVu\n',
    ])
      await findSecrets(unit.repeat(300_000 / unit.length));
  });
});
