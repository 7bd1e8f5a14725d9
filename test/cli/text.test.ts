import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clip, clipStart, fileSize, oneLine, plain, span, table, width } from '../../cli/text.ts';

describe('text for people', () => {
  it('takes the sting out of what a model wrote', () => {
    assert.equal(plain('a\u001b[2Jb\u0007\u009b31m\r\nc\td'), 'a\ufffd[2Jb\ufffd\ufffd31m\nc\td');
    assert.equal(plain('if (a\u202e) {'), 'if (a\ufffd) {');
    assert.equal(oneLine('  one\n two\u001b  three '), 'one two\ufffd three');
  });

  it('measures and cuts by columns', () => {
    assert.equal(width('naïve'), 5);
    assert.equal(width('日本 🎉'), 7);
    assert.equal(clip('日本語', 5), '日本…');
    assert.equal(clip('short', 5), 'short');
    assert.equal(clip('longer', 5), 'long…');
    assert.equal(clip('longer', 0), '');
    assert.equal(clipStart('the very end', 4), '…end');
  });

  it('names spans of time in their largest unit', () => {
    const cases: [ms: number, said: string][] = [
      [-5, '0 s'],
      [59_999, '59 s'],
      [60_000, '1 min'],
      [7_199_000, '1 h'],
      [86_400_000 * 3, '3 d'],
    ];
    for (const [ms, said] of cases) assert.equal(span(ms), said);
  });

  it('says sizes in their largest fitting unit', () => {
    const cases: [bytes: number, said: string][] = [
      [0, '0 bytes'],
      [999, '999 bytes'],
      [1000, '1.0 kB'],
      [999_949, '999.9 kB'],
      [999_950, '1.0 MB'],
      [5_100_000_000, '5.1 GB'],
      [5e15, '5000.0 TB'],
    ];
    for (const [bytes, said] of cases) assert.equal(fileSize(bytes), said);
  });

  it('puts columns one below the other', () => {
    assert.deepEqual(
      table([
        ['a', 'bb', 'c'],
        ['dd', '日', 'long'],
      ]),
      ['a   bb  c', 'dd  日  long'],
    );
    assert.deepEqual(table([]), []);
  });
});
