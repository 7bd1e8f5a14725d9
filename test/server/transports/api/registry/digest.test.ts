import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { Refusal } from '../../../../../server/transports/api/refusal.ts';
import { announcedDigest, digestHeader } from '../../../../../server/transports/api/registry/digest.ts';

const hex = createHash('sha256').update('a model').digest('hex');

describe('the digest that is announced', () => {
  it('is read from the query and from the headers of RFC 9530', () => {
    const header = digestHeader(hex);
    assert.match(header, /^sha-256=:[A-Za-z\d+/]{43}=:$/);
    assert.equal(announcedDigest({}, {}), undefined);
    assert.equal(announcedDigest({}, { sha256: hex.toUpperCase() }), hex);
    assert.equal(announcedDigest({ 'repr-digest': header }, {}), hex);
    assert.equal(announcedDigest({ 'content-digest': `unixsum=3, ${header}` }, {}), hex);
  });

  it('is refused where it is none', () => {
    for (const sha256 of ['', 'x', hex.slice(1), [hex, hex]])
      assert.throws(() => announcedDigest({}, { sha256 }), Refusal, String(sha256));
    for (const header of ['', 'sha-512=:abc=:', 'sha-256=abc', `sha-256=:${hex}:`])
      assert.throws(() => announcedDigest({ 'repr-digest': header }, {}), Refusal, header);
  });
});
