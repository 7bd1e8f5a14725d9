import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openToolBench } from '../toolBench.ts';

const move = (from: string, to: string) => ({ tool: 'move_file', from, to });
const remove = (path: string) => ({ tool: 'delete_file', path });
const write = (path: string, ...lines: string[]) => ({ tool: 'write_file', path, body: lines.join('\n') });
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `line ${n + 1}`);

test('a file is made, moved and deleted for the task, and nothing on disk', async () => {
  using at = openToolBench({ 'src/a.ts': '\uFEFFa\r\nb', 'src/b.ts': 'b\n' });
  assert.equal(await at.told(move('src/a.ts', 'lib/new/c.ts')), 'moved src/a.ts to lib/new/c.ts');
  assert.equal(await at.told(remove('src/b.ts')), 'deleted src/b.ts');
  assert.equal(await at.told(write('src/d.ts', '', '  d', '', '')), 'made src/d.ts');
  assert.deepEqual(at.overlay.changes(), [
    { path: 'lib/new/c.ts', before: null, after: '\uFEFFa\r\nb' },
    { path: 'src/a.ts', before: '\uFEFFa\r\nb', after: null },
    { path: 'src/b.ts', before: 'b\n', after: null },
    { path: 'src/d.ts', before: null, after: '\n  d\n' },
  ]);
  assert.equal(await at.told({ tool: 'list_files', path: '.' }), 'lib/new/c.ts\nsrc/d.ts');
  assert.equal(
    await at.refused({ tool: 'read_file', path: 'src/a.ts', from: 1, to: 9 }),
    'no such file: src/a.ts; nearest: src/d.ts',
  );
  assert.deepEqual(readdirSync(at.root), ['src']);
  assert.equal(readFileSync(join(at.root, 'src/b.ts'), 'utf8'), 'b\n');
});

test('each edit says which files it changed', async () => {
  using at = openToolBench({ 'a.ts': 'a\n' });
  assert.deepEqual((await at.run(move('a.ts', 'b.ts'))).edited, [
    { path: 'a.ts', before: 'a\n', after: null },
    { path: 'b.ts', before: null, after: 'a\n' },
  ]);
  assert.deepEqual((await at.run(remove('b.ts'))).edited, [{ path: 'b.ts', before: null, after: null }]);
});

test('a file is not moved over another, nor a folder moved or deleted', async () => {
  using at = openToolBench({ 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', 'c.bin': Buffer.from([1, 0, 2]) });
  assert.equal(await at.refused(move('src/a.ts', 'src/b.ts')), 'src/b.ts is there already');
  assert.match(await at.refused(move('src/a.ts', 'src')), /^src is a folder: name the file in it/);
  assert.match(await at.refused(move('src', 'lib')), /^src is a folder/);
  assert.match(await at.refused(remove('src')), /^src is a folder/);
  assert.match(
    await at.refused({ tool: 'edit_file', path: 'src', body: [{ search: '', replace: 'x' }] }),
    /^src is a folder/,
  );
  assert.match(await at.refused(write('src', 'x')), /^src is a folder/);
  assert.match(await at.refused(remove('src/x.ts')), /^no such file/);
  assert.match(await at.refused(move('src/a.tss', 'src/c.ts')), /nearest: src\/a.ts/);
  assert.match(await at.refused(move('c.bin', 'd.bin')), /binary/);
  assert.match(await at.refused(remove('c.bin')), /binary/);
  for (const path of ['../out.ts', '/etc/passwd', '.git/hooks/pre-commit']) {
    assert.match(await at.refused(move('src/a.ts', path)), /not a path of the workspace/);
    assert.match(await at.refused(write(path, 'x')), /not a path of the workspace/);
  }
  assert.deepEqual(at.overlay.changes(), []);
});

test('a small file is written anew, with its mark and line ends', async () => {
  using at = openToolBench({ 'a.ts': '\uFEFFa\r\nb\r\n', 'long.ts': `${numbered(201).join('\n')}\n`, 'e.md': 'e\n' });
  assert.equal(await at.told(write('a.ts', '```ts', 'a', 'c', '```')), 'wrote a.ts');
  assert.equal(at.overlay.read(at.overlay.find('a.ts')), '\uFEFFa\r\nc\r\n');
  assert.equal(await at.refused(write('a.ts', 'a', 'c')), 'the edit changes nothing');
  await at.told(write('e.md', '```', 'code', '```'));
  assert.equal(at.overlay.read(at.overlay.find('e.md')), '```\ncode\n```\n');
  assert.equal(await at.refused(write('long.ts', 'a')), 'long.ts has 201 lines: edit_file changes some of them');
  assert.match(await at.refused(write('a.ts', '')), /missing below the call/);
  assert.equal(await at.told(write('empty/__init__.py', '')), 'made empty/__init__.py');
  assert.equal(at.overlay.read(at.overlay.find('empty/__init__.py')), '');
});

test('a line that stands for others is no line of a file', async () => {
  using at = openToolBench({ 'a.ts': 'a\nb\nc\n', 'b.py': '# ... as before\nx = 1\n' });
  for (const line of [
    '// ... existing code ...',
    '  // rest of the code remains unchanged',
    '# … unchanged',
    '<!-- ... -->',
    '...',
    '/* other methods are unchanged */',
  ])
    assert.match(await at.refused(write('a.ts', 'a', line, 'c')), /stands for lines left out/, line);
  for (const line of ['// the rest is for later', 'f(...args);', '# Dots ... in a sentence', '// unchanged since 1999'])
    await at.told(write('a.ts', 'a', line));
  await at.told(write('b.py', '# ... as before', 'x = 2'));
});
