import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CodeMatch } from '../../../protocol/index.ts';
import { indexBench, never, rawBytes } from './fixture.ts';

const PARSER = `import { read } from './read.ts';

/** Turns a text into tokens. */
export function tokenizeSource(text: string): string[] {
  const found = text.split(' ');
  return found;
}

export class TokenStream {
  next(): string {
    const token = this.take();
    return token;
  }

  private take(): string {
    return 'x';
  }
}
`;
const texts = {
  'src/parser.ts': PARSER,
  'src/retry.ts':
    'export function waitBeforeRetry(n: number): number {\n  const base = 100;\n  return base * 2 ** n;\n}\n',
  'docs/money.md': '# Money\n\nHow invoices are rounded.\n',
  '.gitignore': 'secret/\n',
  'secret/keys.ts': 'export const waitBeforeRetry = 1;\n',
};
const at = ({ path, from, to, name }: CodeMatch) => `${path}:${from}-${to} ${name ?? ''}`.trim();

test('a question finds the place by its words, also by parts of names and in other forms', async () => {
  await using bench = indexBench(texts);
  const index = await bench.open();
  const find = async (query: string) => (await index.search(query, 3, never)).map(at)[0];
  assert.equal(await find('how long do we wait between retries?'), 'src/retry.ts:1-4 waitBeforeRetry');
  assert.equal(await find('rounding of an invoice'), 'docs/money.md:1-3');
  assert.equal(await find('where is the token stream'), 'src/parser.ts:9-18 TokenStream');
  assert.equal(await find('tokenizeSource'), 'src/parser.ts:3-7 tokenizeSource');
  assert.deepEqual(await index.search('qqqqq zzzzz', 3, never), []);
  assert.deepEqual(await index.search('"; DROP TABLE files; --*', 3, never), []);
});

test('what is ignored is not looked at', async () => {
  await using bench = indexBench(texts);
  const index = await bench.open();
  const paths = (await index.search('waitBeforeRetry', 10, never)).map(({ path }) => path);
  assert.deepEqual([...new Set(paths)], ['src/retry.ts']);
  assert.equal(index.status().files, 4);
});

test('definitions are found by their name or its beginning, whatever its case', async () => {
  await using bench = indexBench(texts);
  const index = await bench.open();
  await index.refresh({ anew: false }, never);
  assert.deepEqual(index.symbols('tokenstream', 5), [
    { path: 'src/parser.ts', line: 9, name: 'TokenStream', kind: 'class', within: '' },
  ]);
  assert.deepEqual(
    index.symbols('take', 5).map(({ within }) => within),
    ['TokenStream'],
  );
  assert.deepEqual(index.symbols('%', 5), []);
});

test('a restart reads nothing; a change reads that file, and only what has other content is taken in', async () => {
  await using bench = indexBench(texts);
  const first = await bench.open();
  const all = await first.refresh({ anew: false }, never);
  assert.deepEqual(all, { files: 4, read: 4, changed: 4, gone: 0 });
  await first.stop();
  bench.reads();

  const again = await bench.open();
  assert.deepEqual(await again.refresh({ anew: false }, never), { files: 4, read: 0, changed: 0, gone: 0 });
  assert.deepEqual(bench.reads(), []);
  bench.write('src/retry.ts', texts['src/retry.ts']);
  bench.write('docs/money.md', '# Cats\n');
  bench.remove('src/parser.ts');
  assert.deepEqual(await again.refresh({ anew: false }, never), { files: 3, read: 2, changed: 1, gone: 1 });
  assert.deepEqual(bench.reads(), ['docs/money.md', 'src/retry.ts']);
  assert.deepEqual((await again.search('invoices', 3, never)).map(at), []);
  assert.deepEqual((await again.search('cats', 3, never)).map(at), ['docs/money.md:1-1']);
  assert.deepEqual(again.symbols('TokenStream', 5), []);
  assert.equal((await again.refresh({ anew: true }, never)).changed, 3);
});

test('a search sees what was just saved', async () => {
  await using bench = indexBench(texts);
  const index = await bench.open();
  await index.search('x', 1, never);
  bench.write('src/new.ts', 'export function brandNewThing() {\n  return 1;\n  // end\n}\n');
  assert.deepEqual((await index.search('brand new thing', 1, never)).map(at), ['src/new.ts:1-4 brandNewThing']);
});

test('files that are no text, are damaged or huge in one line hurt nobody', async () => {
  await using bench = indexBench({ ...texts, 'one.min.js': `var a=1;${'b();'.repeat(50_000)}` });
  bench.write('image.bin', Buffer.from([0, 1, 2, 255]));
  bench.write('latin.txt', Buffer.from([0xe9, 0x20, 0x65]));
  bench.write('empty.ts', '');
  const index = await bench.open();
  assert.equal((await index.refresh({ anew: false }, never)).files, 8);
  assert.equal((await index.refresh({ anew: false }, never)).read, 0);
});

test('one server at a time is at work; another one has what it found', async () => {
  await using bench = indexBench(texts);
  const [one, two] = [await bench.open(), await bench.open({ owner: 'two' })];
  const [a, b] = await Promise.all([one.refresh({ anew: false }, never), two.refresh({ anew: false }, never)]);
  assert.equal(a.changed + b.changed, 4);
  assert.equal((await two.search('invoices', 1, never)).length, 1);
});

test('nothing of the files stands on disk in plain, and what cannot be read is made anew', async () => {
  await using bench = indexBench(texts);
  const index = await bench.open();
  await index.refresh({ anew: false }, never);
  await index.stop();
  const bytes = rawBytes(bench.file);
  for (const word of ['invoice', 'tokenize', 'parser.ts', 'waitBeforeRetry']) assert.ok(!bytes.includes(word), word);

  const other = await bench.open({ key: 'f'.repeat(96) });
  assert.equal((await other.search('invoices', 1, never)).length, 1);
  await other.stop();
  writeFileSync(bench.file, 'not a database at all'.repeat(1000));
  const repaired = await bench.open();
  assert.equal((await repaired.search('invoices', 1, never)).length, 1);
});
