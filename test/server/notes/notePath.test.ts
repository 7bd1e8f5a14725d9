import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { folderPath, notePath } from '../../../server/notes/notePath.ts';
import { hasCode } from './fixture.ts';

describe('paths of notes', () => {
  for (const path of [
    'a.md',
    'a/b c/d.md',
    'daily/2026-11-23.md',
    'Ünï/日本.md',
    'a.b.md',
    'console.md',
    '_/(x) & y!.md',
  ])
    it(`may be ${path}`, () => assert.equal(notePath(path), path));

  it('are composed letters, and end in small letters', () => {
    assert.equal(notePath('u\u0308.MD'), '\u00fc.md');
    assert.equal(folderPath('a/b/'), 'a/b');
    assert.equal(folderPath(''), '');
  });

  for (const path of ['/etc/passwd.md', '../a.md', 'a/../b.md', 'C:/a.md', 'a/..', '..'])
    it(`may not lead out: ${path}`, () => assert.throws(() => notePath(path), hasCode('path_outside')));

  const wrong = [
    ...['a', 'a.txt', 'a.md/b.md', '.md', 'a/.md', 'a//b.md', './a.md', 'a/.hidden.md', '.obsidian/a.md', 'a\\b.md'],
    ...[
      'a?.md',
      'a#b.md',
      'a|b.md',
      'a[b].md',
      'a^.md',
      'a:b.md',
      'a*.md',
      'con.md',
      'AUX.md',
      'a/Com1.x.md',
      'lpt9/a.md',
    ],
    ...['a\nb.md', 'a\0.md', 'a\u202eb.md', '\ud800.md', 'a./b.md', 'a /b.md', ' a.md', `${'x'.repeat(201)}.md`],
    ...[
      `${'ü'.repeat(101)}.md`,
      `${'a/'.repeat(33)}a.md`,
      `${'abcdefghi/'.repeat(30)}${'x/'.repeat(1)}${'y'.repeat(800)}.md`,
      '',
    ],
  ];
  for (const path of wrong)
    it(`may not be ${JSON.stringify(path.slice(0, 40))}`, () =>
      assert.throws(() => notePath(path), hasCode('invalid_params')));
});
