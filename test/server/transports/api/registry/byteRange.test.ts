import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contentRangeOf, rangeOf } from '../../../../../server/transports/api/registry/byteRange.ts';

describe('a range of bytes', () => {
  const cases: [header: string | undefined, of: ReturnType<typeof rangeOf>][] = [
    [undefined, null],
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=0-', { first: 0, last: 9 }],
    ['bytes=3-5', { first: 3, last: 5 }],
    ['BYTES=3-5', { first: 3, last: 5 }],
    ['bytes=3-99', { first: 3, last: 9 }],
    ['bytes=9-', { first: 9, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-99', { first: 0, last: 9 }],
    ['bytes=10-', 'none'],
    ['bytes=10-11', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=5-3', null],
    ['bytes=-', null],
    ['bytes=0-1,3-4', null],
    ['bytes=a-b', null],
    ['bytes=1.5-2', null],
    ['lines=1-2', null],
    ['bytes=99999999999999999-', null],
  ];
  for (const [header, of] of cases) it(`${header} of ten`, () => assert.deepEqual(rangeOf(header, 10), of));

  it('of nothing is none', () => assert.equal(rangeOf('bytes=0-', 0), 'none'));
});

describe('where bytes belong', () => {
  it('is said as curl says it', () => {
    assert.deepEqual(contentRangeOf('bytes 5-9/10'), { first: 5, last: 9, total: 10 });
    assert.deepEqual(contentRangeOf('bytes 0-0/10'), { first: 0, last: 0, total: 10 });
    assert.deepEqual(contentRangeOf('bytes */10'), { first: null, last: -1, total: 10 });
    for (const wrong of [
      '',
      'bytes 5-9',
      'bytes 5-10/10',
      'bytes 9-5/10',
      'bytes 5-9/*',
      'bytes=5-9/10',
      'bytes -5/10',
    ])
      assert.equal(contentRangeOf(wrong), null, wrong);
  });
});
