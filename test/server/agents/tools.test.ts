import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Call } from '../../../server/agents/format.ts';
import { openToolBench } from './toolBench.ts';

function workspace(files: Record<string, string | Buffer>) {
  const bench = openToolBench(files);
  const { root, overlay } = bench;
  const run = (call: Call, room = 100_000) => bench.run(call, { room });
  const lines = (path: string, from: number, to: number, room?: number) =>
    run({ tool: 'read_file', path, from, to }, room);
  const read = (path: string, room?: number) => lines(path, 1, 300, room);
  const list = (path: string, room?: number) => run({ tool: 'list_files', path }, room);
  const search = (path: string, text: string) => run({ tool: 'search_text', path, text });
  const edit = (path: string, from: string, to: string) =>
    run({ tool: 'edit_file', path, body: [{ search: from, replace: to }] });
  return { root, overlay, lines, read, list, search, edit, [Symbol.dispose]: () => bench[Symbol.dispose]() };
}

test('later calls see the task’s own edits, the disk does not', async () => {
  using at = workspace({ 'src/a.ts': 'const A = 1;\n', 'src/b.ts': 'A;\n' });
  const a = { path: 'src/a.ts', before: 'const A = 1;\n', after: 'const A = 2;\n' };
  const c = { path: 'src/new/c.ts', before: null, after: 'A + A;\n' };
  assert.deepEqual(await at.edit('src/a.ts', 'const A = 1;', 'const A = 2;'), {
    ok: true,
    text: 'edited src/a.ts',
    edited: [a],
  });
  assert.deepEqual(await at.edit('src/new/c.ts', '', 'A + A;'), { ok: true, text: 'edited src/new/c.ts', edited: [c] });
  assert.deepEqual(await at.read('src/a.ts'), { ok: true, text: 'const A = 2;' });
  assert.deepEqual(await at.list('.'), { ok: true, text: 'src/a.ts\nsrc/b.ts\nsrc/new/c.ts' });
  assert.deepEqual(await at.list('src/new'), { ok: true, text: 'src/new/c.ts' });
  assert.deepEqual(await at.search('.', 'A'), {
    ok: true,
    text: 'src/a.ts:1: const A = 2;\nsrc/b.ts:1: A;\nsrc/new/c.ts:1: A + A;',
  });
  assert.equal(readFileSync(join(at.root, 'src/a.ts'), 'utf8'), 'const A = 1;\n');
  assert.deepEqual(at.overlay.changes(), [a, c]);
});

test('an edit that is taken back is no change', async () => {
  using at = workspace({ 'a.ts': 'a1\n' });
  await at.edit('a.ts', 'a1', 'b1');
  await at.edit('a.ts', 'b1', 'a1');
  assert.deepEqual(at.overlay.changes(), []);
});

test('a mark and line ends are not shown and not lost', async () => {
  using at = workspace({ 'a.ts': '\uFEFFconst A = 1;\r\nconst B = 1;\r\n' });
  assert.deepEqual(await at.read('a.ts'), { ok: true, text: 'const A = 1;\nconst B = 1;' });
  await at.edit('a.ts', 'const B = 1;', 'const B = 2;\nconst C = 3;');
  assert.equal(at.overlay.changes()[0]?.after, '\uFEFFconst A = 1;\r\nconst B = 2;\r\nconst C = 3;\r\n');
});

test('errors say what would be right', async () => {
  using at = workspace({ 'src/limits.ts': 'export const RETRY_MAX = 3;\n', 'src/twice.ts': 'go();\nstop();\ngo();\n' });
  const said = async (result: ReturnType<typeof at.read>) => {
    const { ok, text } = await result;
    assert.equal(ok, false);
    return text;
  };
  assert.equal(await said(at.read('src/limit.ts')), 'no such file: src/limit.ts; nearest: src/limits.ts');
  assert.equal(await said(at.edit('limits.ts', 'a', 'b')), 'no such file: limits.ts; nearest: src/limits.ts');
  assert.equal(
    await said(at.edit('src/limits.ts', 'const RETRY_MAX = 3;', 'x')),
    'the search text was not found; nearest: export const RETRY_MAX = 3;',
  );
  assert.match(await said(at.edit('src/twice.ts', 'go();', 'x')), /stands 2 times \(lines 1, 3\)/);
  assert.match(await said(at.edit('src/limits.ts', '', 'x')), /exists/);
  assert.equal(
    await said(at.edit('src/limits.ts', 'export const RETRY_MAX = 3;', 'export const RETRY_MAX = 3;')),
    'the edit changes nothing',
  );
  assert.match(await said(at.edit('src/limits.ts', 'export const RETRY_MAX = 3;', 'a\0b')), /zero bytes/);
  assert.match(
    await said(at.edit('src/limits.ts', 'export const RETRY_MAX = 3;', 'x'.repeat(2_000_000))),
    /grow beyond/,
  );
  assert.equal(await said(at.list('lib')), 'no such folder: lib');
  await at.edit('one', '', 'x');
  assert.match(await said(at.edit('one/two.ts', '', 'x')), /cannot stand beside/);
});

test('what does not fit is said, never cut', async () => {
  using at = workspace({
    'long.ts': 'x'.repeat(5000),
    ...Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`many/${n}.txt`, 'needle\n'])),
  });
  assert.match((await at.read('long.ts', 4000)).text, /have 5000 characters, more than the 4000 that fit/);
  const listed = (await at.list('many')).text.split('\n');
  assert.equal(listed.length, 201);
  assert.match(listed.at(-1) ?? '', /^\(there is more/);
  const few = (await at.list('many', 100)).text;
  assert.ok(few.length <= 100);
  assert.match(few, /there is more/);
  const found = (await at.search('many', 'needle')).text.split('\n');
  assert.equal(found.length, 51);
  assert.match(found.at(-1) ?? '', /there is more/);
  assert.deepEqual(await at.search('many', 'hay'), { ok: true, text: 'nothing found' });
});

test('ignored files are neither listed nor searched, but may be named', async () => {
  using at = workspace({
    '.gitignore': 'dist/\n*.log\n/top.txt\n!keep.log\n',
    'src/.gitignore': 'local.ts\n!debug.log\n',
    'src/a.ts': 'needle',
    'src/local.ts': 'needle',
    'src/debug.log': 'needle',
    'dist/out.js': 'needle',
    'a.log': 'needle',
    'keep.log': 'needle',
    'top.txt': 'needle',
    'src/top.txt': 'needle',
    '.git/config': 'needle',
    'node_modules/a/index.js': 'needle',
    'picture.png': Buffer.from([0, 1, 2]),
  });
  assert.equal(
    (await at.list('.')).text,
    '.gitignore\nkeep.log\npicture.png\nsrc/.gitignore\nsrc/a.ts\nsrc/debug.log\nsrc/top.txt',
  );
  assert.equal(
    (await at.search('.', 'needle')).text.replace(/:1: needle/g, ''),
    'keep.log\nsrc/a.ts\nsrc/debug.log\nsrc/top.txt',
  );
  assert.equal((await at.list('dist')).text, 'dist/out.js');
  assert.equal((await at.read('dist/out.js')).text, 'needle');
  assert.equal((await at.search('src/local.ts', 'needle')).text, 'src/local.ts:1: needle');
});

test('a file is read in parts, and says how many lines it has', async () => {
  const lines = Array.from({ length: 1000 }, (_, n) => `line ${n + 1}`);
  using at = workspace({ 'long.ts': `${lines.join('\r\n')}\r\n`, 'empty.ts': '' });
  const read = async (from: number, to: number, room?: number) => (await at.lines('long.ts', from, to, room)).text;
  assert.equal(await read(1, 1000), lines.join('\n'));
  assert.equal(await read(1, 9_999_999), lines.join('\n'));
  assert.equal(await read(1, 2), '(lines 1 to 2 of 1000)\nline 1\nline 2');
  assert.equal(await read(999, 2000), '(lines 999 to 1000 of 1000)\nline 999\nline 1000');
  assert.match(
    await read(1, 1000, 2000),
    /^1000 lines of long.ts have \d+ characters, more than the 2000 that fit here; ask for about (\d+) of its 1000 lines$/,
  );
  const fit = Number(/about (\d+)/.exec(await read(1, 1000, 2000))?.[1]);
  assert.ok(fit > 100 && (await at.lines('long.ts', 1, fit, 2000)).ok, String(fit));
  for (const [from, to] of [
    [1001, 1002],
    [5, 4],
  ] as const)
    assert.match(await read(from, to), /^long.ts has 1000 lines; there are none from/);
  assert.deepEqual(await at.lines('empty.ts', 1, 300), { ok: true, text: '' });
});

test('a folder is read as the files below it, in parts', async () => {
  using at = workspace(Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`many/${n + 10}.txt`, 'x'])));
  const read = async (from: number, to: number) => (await at.lines('many', from, to)).text;
  assert.equal((await read(1, 300)).split('\n').length, 30);
  assert.equal(await read(1, 2), 'many/10.txt\nmany/11.txt\n(there is more: ask for later lines)');
  assert.equal(await read(29, 30), 'many/38.txt\nmany/39.txt');
});
