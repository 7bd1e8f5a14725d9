import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNotePath, notePathOf, noteUriParts, toldSize } from '../../extension/noteUri.ts';

describe('addresses of notes', () => {
  for (const path of ['', 'a.md', 'work/sub folder/a#b?.md', 'ü/日本.md'])
    it(`lead to ${JSON.stringify(path)} and back`, () => assert.equal(notePathOf(noteUriParts(path)), path));

  it('are of notes only', () => {
    for (const path of ['/', '/notes2/a.md', '/other/a.md', 'notes/a.md'])
      assert.equal(notePathOf({ scheme: 'ospain2', path }), undefined, path);
    assert.equal(notePathOf({ scheme: 'file', path: '/notes/a.md' }), undefined);
    assert.equal(notePathOf({ scheme: 'ospain2', path: '/notes/a/' }), 'a');
    assert.deepEqual([isNotePath('a.MD'), isNotePath('a'), isNotePath('md')], [true, false, false]);
  });

  it('tell versions of one size apart', () => {
    const sizes = [1, 2, 3].map((version) => toldSize({ size: 100, version }));
    assert.equal(new Set(sizes).size, 3);
    assert.ok(sizes.every((size) => size >= 100 && size < 101));
  });
});
