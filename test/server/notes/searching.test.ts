import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { methods } from '../../../protocol/index.ts';
import { openWorkspace } from './fixture.ts';

const search = (text: string) => methods['note/search'].params.parse({ text });

describe('searching notes', { timeout: 60_000 }, () => {
  it('finds all words, the last one half typed, the best first', async () => {
    using workspace = openWorkspace();
    const { put, hits } = await workspace.server();
    put('a.md', 'A sentence about a harvester of wheat.');
    put('harvest.md', 'Nothing more.');
    put('b.md', '# Harvest\n\nÄpfel and Birnen');
    put('c.md', '---\ntags: [Harvest/late]\n---\nBirnen');
    assert.deepEqual(hits('harv').toSorted(), ['a.md', 'b.md', 'c.md', 'harvest.md']);
    assert.equal(hits('harv').at(-1), 'a.md');
    assert.equal(hits('harvest late')[0], 'c.md');
    assert.deepEqual(hits('harvest birnen').toSorted(), ['b.md', 'c.md']);
    assert.deepEqual(hits('harves birnen'), []);
    assert.deepEqual(hits('apfel'), ['b.md']);
    assert.deepEqual(hits('#harvest'), ['c.md']);
    assert.deepEqual(hits('"harvester of"'), ['a.md']);
    assert.deepEqual(hits('"of harvester"'), []);
  });

  it('finds words of scripts without blanks', async () => {
    using workspace = openWorkspace();
    const { put, hits, notes } = await workspace.server();
    put('a.md', '今天的会议讨论了数据库的设计。');
    put('b.md', '数据很多。');
    assert.deepEqual(hits('数据库'), ['a.md']);
    assert.deepEqual(hits('数据').toSorted(), ['a.md', 'b.md']);
    assert.deepEqual(notes.search(search('数据库')).hits[0]?.snippet, [
      { text: '今天的会议讨论了', hit: false },
      { text: '数据库', hit: true },
      { text: '的设计。', hit: false },
    ]);
  });

  it('shows the place, as one line', async () => {
    using workspace = openWorkspace();
    const { put, notes } = await workspace.server();
    put(
      'a.md',
      `---\ntitle: Word\n---\n${'first line\n'.repeat(20)}\nhere is the WÖRD that\nwas meant ${'and so on '.repeat(40)}`,
    );
    const [hit] = notes.search(search('word')).hits;
    assert.equal(hit?.line, 25);
    const text = hit?.snippet.map((part) => (part.hit ? `<${part.text}>` : part.text)).join('') ?? '';
    assert.match(text, /^…first line first line first line here is the <WÖRD> that was meant and so on .*…$/);
    put('b.md', '---\ntags: [thing]\n---\nOnly its text.');
    assert.deepEqual(notes.search(search('thing')).hits[0]?.snippet, [{ text: 'Only its text.', hit: false }]);
  });

  it('lists those that are called so, then the newest, where a thousand notes and more have the words', async () => {
    using workspace = openWorkspace();
    const { db, put, hits } = await workspace.server();
    put('called common.md', 'It.');
    db.transaction(() => {
      for (let n = 0; n < 1010; n++) put(`${n}.md`, 'A common text.');
    })();
    assert.deepEqual(hits('common').slice(0, 3), ['called common.md', '1009.md', '1008.md']);
    assert.equal(new Set(hits('comm')).size, 20);
  });

  it('takes whatever a person types', async () => {
    using workspace = openWorkspace();
    const { put, hits } = await workspace.server();
    put('a.md', 'and or not near');
    for (const text of [
      '"',
      '""',
      '*',
      'a*b',
      '(',
      'AND',
      'OR NOT',
      'NEAR(a b)',
      '-x',
      'title:a',
      '#',
      '^a',
      "'",
      '\0',
      '😀',
      '{a}',
      '"a',
    ])
      hits(text);
    assert.deepEqual(hits('NOT and'), ['a.md']);
    assert.deepEqual(hits(Array.from({ length: 200 }, () => 'and').join(' ')), ['a.md']);
  });

  it('follows what is saved, moved and removed', async () => {
    using workspace = openWorkspace();
    const { put, hits, notes } = await workspace.server();
    put('a.md', 'before');
    put('a.md', 'after');
    assert.deepEqual([hits('before'), hits('after')], [[], ['a.md']]);
    notes.move({ from: 'a.md', to: 'place/other.md' });
    assert.deepEqual([hits('place'), hits('after')], [['place/other.md'], ['place/other.md']]);
    notes.remove('place/other.md');
    assert.deepEqual(hits('after'), []);
  });

  it('finds what a link may lead to by a piece of its name', async () => {
    using workspace = openWorkspace();
    const { put, notes } = await workspace.server();
    put('a/Project.md', '---\naliases: [Undertaking]\n---\n# Große Pläne');
    put('b/project.md', '');
    put('my project.md', '');
    const find = (text: string) => notes.find({ text, limit: 20 }).names.map(({ path, link }) => [path, link]);
    assert.deepEqual(find('PROJ'), [
      ['a/Project.md', 'a/Project'],
      ['b/project.md', 'b/project'],
      ['my project.md', 'my project'],
    ]);
    assert.deepEqual(find('undert'), [['a/Project.md', 'Undertaking']]);
    assert.deepEqual(find('große'), [['a/Project.md', 'a/Project']]);
    assert.deepEqual(find('b/pro'), [['b/project.md', 'b/project']]);
  });
});
