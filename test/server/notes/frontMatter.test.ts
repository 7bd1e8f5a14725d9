import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTags } from '../../../server/notes/frontMatter.ts';

const cases: ReadonlyArray<readonly [what: string, text: string, add: string[], remove: string[], becomes: string]> = [
  ['makes front matter', '# A\n', ['x', 'y'], [], '---\ntags: [x, y]\n---\n# A\n'],
  ['takes it away when nothing is left', '---\ntags: [x]\n---\n# A\n', [], ['x'], '# A\n'],
  [
    'keeps comments, order and quotes',
    "---\n# mine\ntitle: 'A'   # so\ntags:\n  - x # first\nz: 1\n---\nb",
    ['y'],
    [],
    "---\n# mine\ntitle: 'A' # so\ntags:\n  - x # first\n  - y\nz: 1\n---\nb",
  ],
  ['adds to a list on one line', '---\ntags: [x]\n---\n', ['y'], [], '---\ntags: [x, y]\n---\n'],
  ['writes a line of words as a list', '---\ntags: x, y\n---\n', ['z'], ['x'], '---\ntags: [y, z]\n---\n'],
  ['takes the key that is there', '---\ntag: x\n---\n', ['y'], [], '---\ntag: [x, y]\n---\n'],
  [
    'knows a tag in other letters and with its sign',
    '---\ntags: ["#Work"]\n---\n',
    ['work'],
    [],
    '---\ntags: ["#Work"]\n---\n',
  ],
  ['keeps the ends of lines', '---\r\ntags: [x]\r\n---\r\nb\r\n', ['y'], [], '---\r\ntags: [x, y]\r\n---\r\nb\r\n'],
  ['leaves what it cannot read', '---\ntags: [x\n---\n', ['y'], [], '---\ntags: [x\n---\n'],
  ['leaves a list alone', '---\n- x\n---\n', ['y'], [], '---\n- x\n---\n'],
  ['changes nothing for nothing', '---\ntags:   [ x ]\n---\n', ['x'], ['q'], '---\ntags:   [ x ]\n---\n'],
];

describe('tags in front matter', () => {
  for (const [what, text, add, remove, becomes] of cases)
    it(what, () => assert.equal(withTags(text, { add, remove }), becomes));
});
