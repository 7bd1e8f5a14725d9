import type { EditOutcome, Step } from '../../../server/agents/edits.ts';
import type { Edit } from '../../../server/agents/format.ts';

export interface EditCase {
  name: string;
  before: string | null;
  edits: Edit[];
  /** The text afterwards and the step that found the place, or why it must not be applied. */
  want: { after: string; step: Step } | Exclude<EditOutcome, { ok: true }>['problem'];
  nearest?: string;
  /** It is refused, though a person sees where it was meant. */
  clear?: true;
}

export const one = (search: string, replace: string): Edit[] => [{ search, replace }];
const limits = 'export const RETRY_MAX = 3;\nexport const CACHE_TTL = 600;\n';
const twins = 'function a() {\n  return 1;\n}\n\nfunction b() {\n  return 1;\n}\n';
const steps = 'one();\ntwo();\nthree();\nfour();\nfive();\n';

export const editCases: readonly EditCase[] = [
  // exact
  {
    name: 'one line',
    before: limits,
    edits: one('export const RETRY_MAX = 3;', 'export const RETRY_MAX = 5;'),
    want: { after: limits.replace('3', '5'), step: 'exact' },
  },
  {
    name: 'several lines',
    before: twins,
    edits: one('function b() {\n  return 1;', 'function b() {\n  return 2;'),
    want: { after: twins.replace(/1;\n}\n$/, '2;\n}\n'), step: 'exact' },
  },
  { name: 'the first line', before: 'a\nb\n', edits: one('a', 'x'), want: { after: 'x\nb\n', step: 'exact' } },
  {
    name: 'the last line without a line break',
    before: 'a\nb',
    edits: one('b', 'x\ny'),
    want: { after: 'a\nx\ny', step: 'exact' },
  },
  { name: 'a line goes', before: 'a\nb\nc\n', edits: one('b', ''), want: { after: 'a\nc\n', step: 'exact' } },
  {
    name: 'a line comes',
    before: 'a\nb\n',
    edits: one('b', '/** B. */\nb'),
    want: { after: 'a\n/** B. */\nb\n', step: 'exact' },
  },
  {
    name: 'one bracket that stands once',
    before: 'f(\n  1,\n)\n',
    edits: one(')', ');'),
    want: { after: 'f(\n  1,\n);\n', step: 'exact' },
  },
  {
    name: 'replacement with $ signs',
    before: 'a\n',
    edits: one('a', "$& $1 $$ $'"),
    want: { after: "$& $1 $$ $'\n", step: 'exact' },
  },
  {
    name: 'two blocks, one after the other',
    before: 'a\nb\n',
    edits: [
      { search: 'a', replace: 'x' },
      { search: 'x\nb', replace: 'y' },
    ],
    want: { after: 'y\n', step: 'exact' },
  },
  {
    name: 'no trailing change of other blanks',
    before: 'a  \n\tb\n',
    edits: one('\tb', '\tc'),
    want: { after: 'a  \n\tc\n', step: 'exact' },
  },
  // line ends and marks
  {
    name: 'CRLF stays',
    before: 'a\r\nb\r\nc\r\n',
    edits: one('b', 'x\ny'),
    want: { after: 'a\r\nx\r\ny\r\nc\r\n', step: 'exact' },
  },
  {
    name: 'CRLF in the block is no difference',
    before: 'a\r\nb\r\n',
    edits: one('a\r\nb', 'x\r\ny'),
    want: { after: 'x\r\ny\r\n', step: 'exact' },
  },
  {
    name: 'CRLF, last line without',
    before: 'a\r\nb',
    edits: one('b', 'x\ny'),
    want: { after: 'a\r\nx\r\ny', step: 'exact' },
  },
  {
    name: 'mixed line ends stay where nothing changes',
    before: 'a\r\nb\nc\r\n',
    edits: one('b', 'x'),
    want: { after: 'a\r\nx\nc\r\n', step: 'exact' },
  },
  {
    name: 'a byte order mark stays',
    before: '\uFEFFa\nb\n',
    edits: one('a', 'x'),
    want: { after: '\uFEFFx\nb\n', step: 'exact' },
  },
  {
    name: 'blanks at the line’s end in the file',
    before: 'a  \nb\n',
    edits: one('a', 'x'),
    want: { after: 'x\nb\n', step: 'lineEnds' },
  },
  {
    name: 'blanks at the line’s end in the block',
    before: 'a\nb\n',
    edits: one('a   ', 'x'),
    want: { after: 'x\nb\n', step: 'lineEnds' },
  },
  {
    name: 'kept lines keep their trailing blanks',
    before: 'a  \nb\n',
    edits: one('a\nb', 'a\nx'),
    want: { after: 'a  \nx\n', step: 'lineEnds' },
  },
  // indentation
  {
    name: 'indentation missing in the block',
    before: 'class A {\n    go() {\n        run(1);\n    }\n}\n',
    edits: one('run(1);', 'run(2);'),
    want: { after: 'class A {\n    go() {\n        run(2);\n    }\n}\n', step: 'blanks' },
  },
  {
    name: 'tabs in the file, blanks in the block',
    before: 'f() {\n\tif (a) {\n\t\tb();\n\t}\n}\n',
    edits: one('  if (a) {\n    b();\n  }', '  if (a) {\n    c();\n    d();\n  }'),
    want: { after: 'f() {\n\tif (a) {\n\t\tc();\n\t\td();\n\t}\n}\n', step: 'blanks' },
  },
  {
    name: 'a new deeper level gets the file’s unit',
    before: 'f() {\n\ta();\n}\n',
    edits: one('f() {\n  a();\n}', 'f() {\n  if (x) {\n    a();\n  }\n}'),
    want: { after: 'f() {\n\tif (x) {\n\t\ta();\n\t}\n}\n', step: 'blanks' },
  },
  {
    name: 'four blanks in the file, two in the block',
    before: 'f() {\n    a();\n    b();\n}\n',
    edits: one('f() {\n  a();', 'f() {\n  x();'),
    want: { after: 'f() {\n    x();\n    b();\n}\n', step: 'blanks' },
  },
  {
    name: 'blanks inside a line',
    before: 'const a  =  1;\n',
    edits: one('const a = 1;', 'const a = 2;'),
    want: { after: 'const a = 2;\n', step: 'blanks' },
  },
  {
    name: 'empty lines around the block',
    before: 'a1\nb1\nc1\n',
    edits: one('\nb1\n', '\nx1\n'),
    want: { after: 'a1\nx1\nc1\n', step: 'exact' },
  },
  // punctuation
  {
    name: 'other quotes',
    before: "const a = 'x';\n",
    edits: one('const a = "x";', 'const a = "y";'),
    want: { after: 'const a = "y";\n', step: 'punctuation' },
  },
  {
    name: 'a missing semicolon',
    before: 'const a = 1;\nb();\n',
    edits: one('const a = 1', 'const a = 2;'),
    want: { after: 'const a = 2;\nb();\n', step: 'punctuation' },
  },
  {
    name: 'kept lines keep their quotes',
    before: "import a from 'a';\nconst b = 1;\n",
    edits: one('import a from "a";\nconst b = 1;', 'import a from "a";\nconst b = 2;'),
    want: { after: "import a from 'a';\nconst b = 2;\n", step: 'punctuation' },
  },
  // nearly
  {
    name: 'a kept line that the model remembers wrongly stays as it is',
    before: 'function go() {\n  const wait = 40;\n  start(wait);\n  stop();\n}\n',
    edits: one(
      'function go() {\n  const wait = 30;\n  start(wait);\n  stop();\n}',
      'function go() {\n  const wait = 30;\n  start(wait);\n  halt();\n}',
    ),
    want: { after: 'function go() {\n  const wait = 40;\n  start(wait);\n  halt();\n}\n', step: 'nearly' },
  },
  {
    name: 'but not when the wrong line is the one to change',
    before: 'function go() {\n  const wait = 40;\n  start(wait);\n  stop();\n}\n',
    edits: one(
      'function go() {\n  const wait = 30;\n  start(wait);\n  stop();\n}',
      'function go() {\n  const wait = 35;\n  start(wait);\n  stop();\n}',
    ),
    clear: true,
    want: 'notFound',
    nearest: '  const wait = 40;',
  },
  {
    name: 'nor when another place is half as good',
    before: `${steps}\n${steps.replace('three', 'drei').replace('two', 'zwei')}`,
    edits: one('one();\ntwo();\nthree2();\nfour();\nfive();', 'one();\ntwo();\nthree2();\nfour();\nsix();'),
    want: 'notFound',
  },
  {
    name: 'nor at an edge of the block',
    before: steps,
    edits: one('uno();\ntwo();\nthree();\nfour();', 'uno();\ntwo();\nthree();\nfour4();'),
    clear: true,
    want: 'notFound',
    nearest: 'one();',
  },
  // Unicode
  {
    name: 'letters beyond ASCII',
    before: 'const größe = "naïve 🦊";\n',
    edits: one('const größe = "naïve 🦊";', 'const größe = "日本";'),
    want: { after: 'const größe = "日本";\n', step: 'exact' },
  },
  {
    name: 'composed and decomposed letters are one text',
    before: 'caf\u00e9();\n',
    edits: one('cafe\u0301();', 'x();'),
    want: { after: 'x();\n', step: 'blanks' },
  },
  {
    name: 'a line separator is no line end',
    before: 'a\u2028b\nc\n',
    edits: one('c', 'd'),
    want: { after: 'a\u2028b\nd\n', step: 'exact' },
  },
  // duplicates
  { name: 'twice the same line', before: twins, edits: one('  return 1;', '  return 2;'), want: 'ambiguous' },
  { name: 'twice the same block', before: steps + steps, edits: one('two();\nthree();', 'x();'), want: 'ambiguous' },
  {
    name: 'twice but for indentation',
    before: '  go(1);\n\tgo(1);\n',
    edits: one('go(1);', 'go(2);'),
    want: 'ambiguous',
  },
  {
    name: 'once exactly, again with other blanks: the exact one',
    before: 'go(1);\n  go(1);\n',
    edits: one('go(1);', 'go(2);'),
    want: { after: 'go(2);\n  go(1);\n', step: 'exact' },
  },
  { name: 'overlapping places', before: 'a1\na1\na1\n', edits: one('a1\na1', 'x'), want: 'ambiguous' },
  {
    name: 'an earlier block makes it two',
    before: 'a1\nb1\n',
    edits: [
      { search: 'b1', replace: 'a1' },
      { search: 'a1', replace: 'x1' },
    ],
    want: 'ambiguous',
  },
  { name: 'empty lines do not name a place', before: 'a\n\nb\n\nc\n', edits: one('\n', 'x'), want: 'notFound' },
  {
    name: 'a bracket with other blanks does not name a place',
    before: 'a {\n  b\n  }\n',
    edits: one('}', 'x'),
    clear: true,
    want: 'notFound',
  },
  // near misses
  {
    name: 'a part of a line',
    before: 'export function go(a) {\n}\n',
    edits: one('function go(a) {', 'function run(a) {'),
    clear: true,
    want: 'notFound',
    nearest: 'export function go(a) {',
  },
  {
    name: 'the start of a longer line',
    before: 'const a = 1; // one\n',
    edits: one('const a = 1;', 'const a = 2;'),
    clear: true,
    want: 'notFound',
    nearest: 'const a = 1; // one',
  },
  {
    name: 'another name',
    before: 'const RETRY_MIN = 3;\n',
    edits: one('const RETRY_MAX = 3;', 'const RETRY_MAX = 5;'),
    want: 'notFound',
    nearest: 'const RETRY_MIN = 3;',
  },
  {
    name: 'another value',
    before: 'const RETRY_MAX = 3;\n',
    edits: one('const RETRY_MAX = 4;', 'const RETRY_MAX = 5;'),
    clear: true,
    want: 'notFound',
    nearest: 'const RETRY_MAX = 3;',
  },
  {
    name: 'another sign',
    before: 'if (a < b) return a;\n',
    edits: one('if (a > b) return a;', 'if (a >= b) return a;'),
    want: 'notFound',
  },
  {
    name: 'letters’ case',
    before: 'const max = 3;\n',
    edits: one('const MAX = 3;', 'const MAX = 5;'),
    clear: true,
    want: 'notFound',
  },
  {
    name: 'two words in one',
    before: 'new Item();\n',
    edits: one('newItem();', 'x();'),
    clear: true,
    want: 'notFound',
  },
  { name: 'the right lines in another order', before: 'a1\nb1\nc1\n', edits: one('b1\na1', 'x'), want: 'notFound' },
  { name: 'a block of another file', before: limits, edits: one('import os\nprint(os.name)', 'x'), want: 'notFound' },
  { name: 'longer than the file', before: 'a1\n', edits: one('a1\nb1\nc1', 'x'), want: 'notFound' },
  // nothing to do, new files
  {
    name: 'an edit that changes nothing',
    before: limits,
    edits: one('export const RETRY_MAX = 3;', 'export const RETRY_MAX = 3;'),
    want: 'unchanged',
  },
  { name: 'a new file', before: null, edits: one('', 'a\nb'), want: { after: 'a\nb\n', step: 'created' } },
  { name: 'a new file over an old one', before: 'a\n', edits: one('', 'b'), want: 'exists' },
  { name: 'a file that is empty', before: '', edits: one('', 'b'), want: { after: 'b\n', step: 'created' } },
  { name: 'an edit of no file', before: null, edits: one('a', 'b'), want: 'noFile' },
  {
    name: 'all blocks or none',
    before: 'a1\nb1\n',
    edits: [
      { search: 'a1', replace: 'x' },
      { search: 'zz', replace: 'y' },
    ],
    want: 'notFound',
  },
];
