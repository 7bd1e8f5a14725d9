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
