import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readNote } from '../../../server/notes/reader.ts';

const lines = (...all: string[]): string => all.join('\n');
const targets = (text: string): string[] => readNote(text).links.map(({ target }) => target);
const tags = (text: string): string[] => readNote(text).tags;
const boxes = (text: string) => readNote(text).boxes.map(({ line, text: words, done }) => [line, words, done]);

describe('the reader of notes', () => {
  it('takes the title from front matter, then from the first heading of the first order', () => {
    assert.equal(readNote('---\ntitle: One\n---\n# Two\n').title, 'One');
    assert.equal(readNote('text\n\n## Not this\n\n# **Two** [words](x.md) #\n# Three').title, 'Two words');
    assert.equal(readNote('Under\nlined\n=====\n').title, 'Under lined');
    assert.equal(readNote('```\n# no\n```\n').title, null);
    assert.equal(readNote(`# ${'x'.repeat(300)}`).title?.length, 200);
  });

  it('reads front matter as Obsidian and Foam write it', () => {
    const { tags: found, aliases } = readNote('\uFEFF---\r\ntags: [a, "#b/c", 12]\r\nalias: X, Y Z\r\n---\r\n#d\r\n');
    assert.deepEqual(
      [found, aliases],
      [
        ['a', 'b/c', 'd'],
        ['X', 'Y Z'],
      ],
    );
    assert.deepEqual(tags('---\ntags: one two, three\n---\n'), ['one', 'two', 'three']);
    assert.deepEqual(tags('---\ntags:\n  - one\n  - two\n...\n'), ['one', 'two']);
    assert.deepEqual(tags('---\ntags: [broken\n---\n#kept'), ['broken', 'kept']);
    assert.deepEqual(tags('---\n- a list\n---\n#kept'), ['kept']);
    assert.deepEqual(tags('---\nnot: closed\n#here'), ['here']);
    assert.deepEqual(tags('a\n---\ntags: [no]\n---\n'), []);
  });

  it('finds tags where text is text', () => {
    assert.deepEqual(tags('#a (#b) "#c", #d/e/ #f-g. #日本 *#h* x#no #12 #1a ##no \\#no https://x.y/#no [#i](z)'), [
      ...['a', 'b', 'c', 'd/e', 'f-g', '日本', 'h', '1a', 'i'],
    ]);
    assert.deepEqual(tags('#Same #same #SAME'), ['Same']);
    assert.deepEqual(tags('# heading #yes\n#yes2\n<a href="x #no">'), ['yes', 'yes2']);
  });

  it('finds links of both sorts, with heading and label', () => {
    const { links } = readNote(
      '[[a]] ![[b/c#H 1|d]] [e](../f%20g.md#h) [r]: <i j.md>\n\n[k](https://x/y.md) [l](z.png) [[]] [[#x]]',
    );
    assert.deepEqual(
      links.map(({ wiki, target, heading, label }) => [wiki, target, heading, label]),
      [
        [true, 'a', null, null],
        [true, 'b/c', 'H 1', 'd'],
        [false, '../f g.md', 'h', null],
        [false, 'i j.md', null, null],
      ],
    );
    assert.deepEqual(targets('| [[a\\|b]] | c |\n|--|--|\n| [[d]] | e |'), ['a', 'd']);
    assert.deepEqual(targets('text](no.md) [x](y.md)'), ['y.md']);
  });

  it('says where a target stands, to the letter', () => {
    const text = '---\ntitle: x\n---\n\r\nsay [[ one two#h|l]] and\r\n> [m](<a b.md>) [n](c%20d.md)\r\n';
    const { links } = readNote(text);
    assert.deepEqual(
      links.map(({ from, to }) => text.slice(from, to)),
      ['one two', 'a b.md', 'c%20d.md'],
    );
    assert.deepEqual(
      links.map(({ line, excerpt }) => [line, excerpt]),
      [
        [5, 'say [[ one two#h|l]] and'],
        [6, '> [m](<a b.md>) [n](c%20d.md)'],
        [6, '> [m](<a b.md>) [n](c%20d.md)'],
      ],
    );
  });

  const code: ReadonlyArray<readonly [what: string, text: string]> = [
    ['a fence', '```\n[[x]] #x\n- [ ] x\n```'],
    ['a fence of tildes, with backticks in it', '~~~ js\n```\n[[x]] #x\n~~~'],
    ['a fence that nothing closes', '```\n\n[[x]] #x'],
    ['a longer fence', '````\n```\n[[x]]\n````'],
    ['a fence in an item', '- a\n  ```\n  [[x]]\n\n  #x\n  ```'],
    ['a fence in a quotation', '> ```\n> [[x]]\n> ```'],
    ['a fence in an item in a quotation', '> - ```\n>   [[x]]'],
    ['what is indented', 'a\n\n    [[x]] #x\n\n\t- [ ] x'],
    ['what is indented in an item', '- a\n\n      [[x]]'],
    ['a span', 'a `[[x]] #x` b'],
    ['a span over lines', 'a `[[x]]\n#x` b'],
    ['a span of two', 'a ``[[x]] ` #x`` b'],
    ['a script', '<script>\n\n[[x]]\n</script>'],
    ['a comment', '<!-- [[x]]\n\n#x -->'],
    ['a block of HTML', '<div>\n#x\n</div>'],
  ];
  for (const [what, text] of code)
    it(`finds nothing in ${what}`, () => {
      const { links, tags: found, boxes: ticks } = readNote(text);
      assert.deepEqual([links, found, ticks], [[], [], []]);
    });

  const words: ReadonlyArray<readonly [what: string, text: string]> = [
    ['behind a fence', '```\n```\n[[x]]'],
    ['behind a fence that its quotation ends', '> ```\n[[x]]'],
    ['behind a fence that its item ends', '- ```\n\n[[x]]'],
    ['in a paragraph, however far indented', 'a\n        [[x]]'],
    ['in a paragraph that leaves the mark of its quotation out', '> a\n[[x]]'],
    ['in an item in an item', '- a\n    - [[x]]'],
    ['behind a backtick that nothing closes', 'a ` b [[x]]'],
    ['in a block that a line of blanks ends', 'a `b\n\n[[x]] `'],
    ['behind HTML', '<div>\n</div>\n\n[[x]]'],
    ['behind a comment of one line', '<!-- a -->\n[[x]]'],
    ['in a heading', '## [[x]]'],
    ['in a hundred quotations and more', `${'> '.repeat(200)}[[x]]`],
    ['after a less-than sign', '1 < 2 and [[x]] > 3'],
  ];
  for (const [what, text] of words) it(`finds a link ${what}`, () => assert.deepEqual(targets(text), ['x']));

  it('finds boxes of all lists, their ids and their lines', () => {
    const text = lines(
      ...[
        '- [ ] a ^id-1',
        '  - [x] b',
        '* [X] c',
        '1. [ ] d',
        '> - [ ] e',
        '',
        '- [ ]f',
        '[ ] g',
        '- [-] h',
        '-  [ ] i',
      ],
      ...['10) [x] [[j]] #k', '- [ ] '],
    );
    assert.deepEqual(boxes(text), [
      ...[
        [1, 'a', false],
        [2, 'b', true],
        [3, 'c', true],
        [4, 'd', false],
        [5, 'e', false],
        [10, 'i', false],
      ],
      ...[
        [11, '[[j]] #k', true],
        [12, '', false],
      ],
    ]);
    assert.equal(readNote(text).boxes[0]?.id, 'id-1');
  });

  // General parsers need minutes for some of these; the bound is loose, since machines differ.
  for (const piece of [
    '- a\n ',
    '[a](',
    '*a_ ',
    '1. ',
    '> ',
    '`',
    '``` ',
    '[[a',
    '<a',
    '#a ',
    '- [ ] x\n  ',
    'a\n\n',
    '\t',
  ])
    it(`reads 5 MB of ${JSON.stringify(piece)}`, { timeout: 60_000 }, () => {
      readNote(piece.repeat(5_000_000 / piece.length));
    });
});
