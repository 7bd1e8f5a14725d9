import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createApiToken } from '../../../server/storage/apiToken.ts';
import { tempFolder } from '../../support/temp.ts';

describe('the token of the API', { timeout: 60_000 }, () => {
  it('is made once, for this user alone, and is the same for every server', async () => {
    using folder = tempFolder('token');
    const [one, two] = [createApiToken(folder.path), createApiToken(folder.path)];
    assert.equal(one.read(), null);
    await Promise.all([one.prepare(), two.prepare(), one.prepare()]);
    const token = one.read();
    assert.match(token ?? '', /^[\w-]{43}$/);
    assert.equal(two.read(), token);
    await two.prepare();
    assert.equal(one.read(), token);
    assert.equal(readFileSync(one.file, 'utf8'), `${token}\n`);
    if (process.platform !== 'win32') assert.equal(statSync(one.file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder.path), ['api-token', 'api-token.lock']);
  });

  it('is another one after a rotation, which the others see at once', async () => {
    using folder = tempFolder('token');
    const [one, two] = [createApiToken(folder.path), createApiToken(folder.path)];
    await one.rotate();
    const first = two.read();
    await one.rotate();
    assert.notEqual(two.read(), first);
    assert.match(two.read() ?? '', /^[\w-]{43}$/);
  });

  it('is none where the file holds something else, until it is made anew', async () => {
    using folder = tempFolder('token');
    const token = createApiToken(folder.path);
    for (const text of ['', '\n', 'short', `${'x'.repeat(43)} ${'x'.repeat(43)}`, 'ä'.repeat(43)]) {
      writeFileSync(join(folder.path, 'api-token'), text);
      assert.equal(token.read(), null, text);
    }
    await token.prepare();
    assert.match(token.read() ?? '', /^[\w-]{43}$/);
  });

  it('is taken back from others who could read it', { skip: process.platform === 'win32' }, async () => {
    using folder = tempFolder('token');
    const token = createApiToken(folder.path);
    await token.prepare();
    chmodSync(token.file, 0o644);
    token.read();
    assert.equal(statSync(token.file).mode & 0o777, 0o600);
  });
});
