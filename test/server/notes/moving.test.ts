import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasCode, openWorkspace } from './fixture.ts';

describe('moving notes', { timeout: 60_000 }, () => {
  it('takes links to them and out of them along', async () => {
    using workspace = openWorkspace();
    const { notes, put } = await workspace.server();
    put('work/old.md', '---\naliases: [Alias]\n---\n[up](../top.md#h) [[top]] [[old]] `[[old]]` [self](old.md)\n');
    put(
      'top.md',
      '[[old]] [[Old#Part|label]] ![[work/old]] [x](work/old.md "t") [y](<work/old.md>) [[Alias]] [[other]]\n',
    );
    put('work/near.md', '[n](./old.md)\r\n');
    const { moved, rewritten } = notes.move({ from: 'work/old.md', to: 'new (1).md' });
    assert.deepEqual(
      [moved.map(({ path }) => path), rewritten.toSorted()],
      [['new (1).md'], ['top.md', 'work/near.md']],
    );
    const text = (path: string) => notes.show(path).text;
    assert.equal(
      text('top.md'),
      '[[new (1)]] [[new (1)#Part|label]] ![[new (1)]] [x](new%20%281%29.md "t") [y](<new%20%281%29.md>) [[Alias]] [[other]]\n',
    );
    assert.equal(text('work/near.md'), '[n](../new%20%281%29.md)\r\n');
    assert.equal(
      text('new (1).md'),
      '---\naliases: [Alias]\n---\n[up](top.md#h) [[top]] [[new (1)]] `[[old]]` [self](new%20%281%29.md)\n',
    );
    const leads = notes.show('top.md').links.map(({ path }) => path);
    assert.deepEqual(leads, [...Array.from({ length: 6 }, () => 'new (1).md'), null]);
  });

  it('keeps links to others that had or get the same name', async () => {
    using workspace = openWorkspace();
    const { notes, put } = await workspace.server();
    put('a/x.md', '');
    put('b/y.md', '');
    put('links.md', '[[x]] [[y]]');
    put('b/near.md', '[[x]]');
    notes.move({ from: 'b/y.md', to: 'b/x.md' });
    assert.equal(notes.show('links.md').text, '[[x]] [[b/x]]');
    assert.equal(notes.show('b/near.md').text, '[[a/x]]');
    const leads = ['links.md', 'b/near.md'].flatMap((path) => notes.show(path).links.map((link) => link.path));
    assert.deepEqual(leads, ['a/x.md', 'b/x.md', 'a/x.md']);
  });

  it('moves folders with all that is in them', async () => {
    using workspace = openWorkspace();
    const { notes, put, list, told } = await workspace.server();
    put('a/one.md', '[two](sub/two.md) [out](../out.md)');
    put('a/sub/two.md', '[[one]]');
    put('out.md', '[one](a/one.md) [[a/sub/two]]');
    const ids = ['a/one.md', 'a/sub/two.md'].map((path) => notes.show(path).note.id);
    told.length = 0;
    const { moved, rewritten } = notes.move({ from: 'a', to: 'b/c' });
    assert.deepEqual(
      [moved.map(({ path, id }) => [path, id]), rewritten],
      [
        [
          ['b/c/one.md', ids[0]],
          ['b/c/sub/two.md', ids[1]],
        ],
        ['out.md'],
      ],
    );
    assert.deepEqual(list(), ['b/c/one.md', 'b/c/sub/two.md', 'out.md']);
    assert.equal(notes.show('b/c/one.md').text, '[two](sub/two.md) [out](../../out.md)');
    assert.equal(notes.show('out.md').text, '[one](b/c/one.md) [[b/c/sub/two]]');
    notes.move({ from: 'b/c', to: '' });
    assert.deepEqual(list(), ['one.md', 'out.md', 'sub/two.md']);
    assert.equal(notes.show('out.md').text, '[one](one.md) [[sub/two]]');
  });

  it('changes the letters of a name, and nothing else', async () => {
    using workspace = openWorkspace();
    const { notes, put, list } = await workspace.server();
    put('note.md', '[[note]]');
    notes.move({ from: 'note.md', to: 'Note.md', base: 1 });
    assert.deepEqual(
      [list(), notes.show('note.md').text, notes.show('note.md').note.version],
      [['Note.md'], '[[note]]', 1],
    );
  });

  it('refuses what cannot be, and changes nothing', async () => {
    using workspace = openWorkspace();
    const { notes, put, list } = await workspace.server();
    put('a/one.md', '[[two]]');
    put('a/two.md', '');
    put('b/one.md', '');
    const before = list();
    for (const [from, to, code] of [
      ['a/one.md', 'B/ONE.md', 'conflict'],
      ['a', 'b', 'conflict'],
      ['a', 'a/c', 'conflict'],
      ['none.md', 'x.md', 'not_found'],
      ['none', 'x', 'not_found'],
      ['a/one.md', '../x.md', 'path_outside'],
      ['a/one.md', 'x', 'invalid_params'],
    ] as const)
      assert.throws(() => notes.move({ from, to }), hasCode(code), `${from} → ${to}`);
    assert.throws(() => notes.move({ from: 'a/one.md', to: 'x.md', base: 9 }), hasCode('conflict'));
    assert.deepEqual(list(), before);
  });
});
