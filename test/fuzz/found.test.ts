import { found } from '../support/fuzz/found.ts';

/* What `npm run fuzz` found, each as it was printed; the product was changed so that they pass. */

const bomb = Array.from(
  { length: 4 },
  (_, at) => `a${at}: &a${at} [${Array(9).fill(at === 0 ? 'x' : `*a${at - 1}`)}]\n`,
).join('');
found('frontMatter', 'a bomb of aliases ended the tagging of a note', { text: `---\n${bomb}---\n`, tag: 'new' });
found('shell', 'a line of one program many times took seconds', "rm a b c'".repeat(300));
found('mcpTools', 'a name that cannot be made a text took the other tools with it', {
  tools: [{ name: { toString: 1, valueOf: 1 } }],
  given: {},
  content: [{ type: { toString: 1, valueOf: 1 } }],
});
found('frontMatter', 'collections as keys of collections were never done', {
  text: `---\n${'{'.repeat(2000)}\n---\n`,
  tag: 'new',
});
found('frontMatter', 'keys without end were never done', { text: `---\n${'? '.repeat(1000)}\n---\n`, tag: 'new' });
found('diffs', 'a file that is not there and stays so was an empty one', {
  base: null,
  ours: null,
  theirs: null,
  chosen: 0,
});
found('rules', 'a file of rules that is nested deeply', { text: '{"rules":'.repeat(7000), words: ['a'], other: '' });
found('edits', 'a file of one line many times took seconds', {
  file: 'const MAX_ITEMS = 20;\n'.repeat(2900),
  places: [{ from: 0, count: 6, search: false, put: '' }],
  others: [{ search: `${'const MAX_ITEMS = 20;\n'.repeat(1450)}x`, replace: 'y' }],
});
found('diffs', 'a merge of one line many times took minutes', {
  base: `b\n${'x\n'.repeat(4000)}q`,
  ours: `o\n${'x\n'.repeat(8000)}p`,
  theirs: `t\n${'x\n'.repeat(4000)}r`,
  chosen: 1,
});
found(
  'localSocket',
  'an upgrade to what is no address ended the server',
  'GET //[ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: mcp\r\n\r\n',
);
found('edits', 'a long line beside many short ones took seconds', {
  file: 'const MAX_ITEMS = 20;\n'.repeat(2900),
  places: [],
  others: [{ search: 'ab '.repeat(5000), replace: 'y' }],
});
found('shell', 'what stands behind <&- was no word of the command', 's <&-m -rf build');
