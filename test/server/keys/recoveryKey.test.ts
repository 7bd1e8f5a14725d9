import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseKey, deriveKey } from '../../../server/keys/derivation.ts';
import { newRecoveryKey, readRecoveryKey, showRecoveryKey } from '../../../server/keys/recoveryKey.ts';

test('a recovery key is read as it was shown', () => {
  for (const key of [Buffer.alloc(20), Buffer.alloc(20, 255), ...Array.from({ length: 200 }, newRecoveryKey)])
    assert.deepEqual(readRecoveryKey(showRecoveryKey(key)), key);
});

test('one sign that is wrong, and two that changed places, are noticed', () => {
  const shown = showRecoveryKey(Buffer.from('0123456789abcdef0123456789abcdef01234567', 'hex'));
  // As another program makes it of that number.
  assert.equal(shown, '04HM-ASW9-NF6Y-Y093-8NKR-KAYD-XW0J-6HB7-N');
  const refused = { code: 'invalid_params' };
  const signs = [...shown.replaceAll('-', '')];
  for (let at = 0; at < signs.length; at++) {
    const other = signs.with(at, signs[at] === '7' ? '8' : '7').join('');
    assert.throws(() => readRecoveryKey(other), refused, other);
    const [one, two] = [signs[at] ?? '', signs[at + 1] ?? ''];
    if (at + 2 < signs.length && one !== two)
      assert.throws(
        () =>
          readRecoveryKey(
            signs
              .with(at, two)
              .with(at + 1, one)
              .join(''),
          ),
        refused,
      );
  }
  for (const text of ['', shown.slice(1), `${shown}0`, shown.replace('A', 'U'), shown.replace('A', 'Ä')])
    assert.throws(() => readRecoveryKey(text), refused, text);
});

test('keys of databases come of HKDF-SHA-256 as RFC 5869 says', async () => {
  const { createHmac } = await import('node:crypto');
  const secret = Buffer.alloc(32, 7);
  const hmac = (key: Buffer, text: Buffer) => createHmac('sha256', key).update(text).digest();
  const prk = hmac(Buffer.alloc(32), secret);
  const info = Buffer.from('OSPAiN2 1 database 0123456789abcdef');
  const one = hmac(prk, Buffer.concat([info, Buffer.from([1])]));
  const two = hmac(prk, Buffer.concat([one, info, Buffer.from([2])]));
  assert.equal(databaseKey(secret, '0123456789abcdef'), Buffer.concat([one, two]).subarray(0, 48).toString('hex'));
  assert.notDeepEqual(deriveKey(secret, 'keys.json'), deriveKey(secret, 'recovery'));
});
