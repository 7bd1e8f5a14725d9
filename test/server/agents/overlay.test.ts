import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { ProposalFile } from '../../../protocol/index.ts';
import { createOverlay } from '../../../server/agents/overlay.ts';
import { tempFolder } from '../../support/temp.ts';

function workspace(files: Record<string, string | Buffer>, edits: readonly ProposalFile[] = []) {
  const folder = tempFolder('overlay');
  const root = realpathSync.native(folder.path);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const overlay = createOverlay(root, edits);
  return {
    root,
    overlay,
    write: (path: string, text: string) => overlay.write(overlay.find(path), text),
    remove: (path: string) => overlay.remove(overlay.find(path)),
    read: (path: string) => overlay.read(overlay.find(path)),
    is: (path: string) => overlay.find(path).is,
    list: async () => (await overlay.list('.')).paths,
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
const isCode = (code: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === code;

test('a removed file is gone for the task, and there on disk', async () => {
  using at = workspace({ 'src/a.ts': 'a\r\n', 'src/b.ts': 'b\n' });
  const gone = { path: 'src/a.ts', before: 'a\r\n', after: null };
  assert.deepEqual(at.remove('src/a.ts'), gone);
  assert.deepEqual([at.read('src/a.ts'), at.is('src/a.ts')], [null, 'nothing']);
  assert.deepEqual(await at.list(), ['src/b.ts']);
  assert.deepEqual(at.overlay.changes(), [gone]);
  assert.ok(existsSync(join(at.root, 'src/a.ts')));
  assert.throws(() => at.remove('src/a.ts'), isCode('not_found'));
  assert.throws(() => at.remove('src/none.ts'), isCode('not_found'));
  // Written anew it is the same file, changed.
  assert.deepEqual(at.write('src/a.ts', 'new\n'), { ...gone, after: 'new\n' });
  assert.equal(at.is('src/a.ts'), 'file');
});

test('what a task made and removed again is no change and takes no room', async () => {
  using at = workspace({ 'a.ts': 'a\n' });
  at.write('new/b.ts', 'b\n');
  assert.equal(at.is('new/b.ts'), 'file');
  assert.deepEqual(at.remove('new/b.ts'), { path: 'new/b.ts', before: null, after: null });
  assert.deepEqual([at.overlay.changes(), await at.list()], [[], ['a.ts']]);
  at.write('new', 'a file now\n');
  at.remove('a.ts');
  assert.throws(() => at.write('a.ts/below', ''), isCode('path_outside'));
});

test('a folder, a binary and a place outside are not removed', () => {
  using at = workspace({ 'src/a.ts': 'a\n', 'b.bin': Buffer.from([1, 0, 2]) });
  assert.throws(() => at.remove('b.bin'), isCode('invalid_params'));
  assert.throws(() => at.remove('src'), isCode('invalid_params'));
  assert.throws(() => at.remove('../x'), isCode('path_outside'));
  assert.deepEqual(at.overlay.changes(), []);
});

test('a run that goes on knows what an earlier attempt removed', async () => {
  const edits = [
    { path: 'a.ts', before: 'a\n', after: null },
    { path: 'b.ts', before: null, after: 'a\n' },
  ];
  using at = workspace({ 'a.ts': 'a\n' }, edits);
  assert.deepEqual([at.read('a.ts'), at.read('b.ts'), await at.list()], [null, 'a\n', ['b.ts']]);
  assert.deepEqual(at.overlay.changes(), edits);
});

test('half a character is written as what UTF-8 makes of it, here too', () => {
  using at = workspace({});
  assert.equal(at.write('a.ts', 'a\uD800').after, 'a\uFFFD');
});

test('a task changes no more files and bytes than a person can look at', () => {
  const edits = Array.from({ length: 999 }, (_, n) => ({ path: `${n}.ts`, before: null, after: '' }));
  using at = workspace({}, edits);
  at.write('one.ts', '');
  assert.throws(() => at.write('two.ts', ''), isCode('too_large'));
  at.write('one.ts', 'again');
  const large = 'x'.repeat(1_000_000);
  for (let n = 0; n < 67; n++) at.write(`${n}.ts`, large);
  assert.throws(() => at.write('67.ts', large), isCode('too_large'));
  for (let n = 0; n < 67; n++) at.write(`${n}.ts`, large);
});

test('tasks at work at one moment see the disk and their own edits only', () => {
  using at = workspace({ 'a.ts': 'a\n' });
  const other = createOverlay(at.root);
  at.write('a.ts', 'mine\n');
  other.remove(other.find('a.ts'));
  assert.deepEqual([at.read('a.ts'), other.read(other.find('a.ts'))], ['mine\n', null]);
  assert.equal(readFileSync(join(at.root, 'a.ts'), 'utf8'), 'a\n');
  assert.deepEqual([at.overlay.changes().length, other.changes().length], [1, 1]);
});

test('the mark of a secret is written by nobody, also not by a command, but stays where a file has it', () => {
  const mark = '[secret: GitHub token, 40 characters]';
  using at = workspace({ 'a.ts': 'const a = 1;\n', 'docs.md': `It says ${mark}.\n` });
  for (const path of ['a.ts', 'new.ts'])
    assert.throws(() => at.write(path, `const a = '${mark}';\n`), isCode('invalid_params'));
  assert.equal(at.read('a.ts'), 'const a = 1;\n');
  at.write('docs.md', `It says ${mark}, and more.\n`);
});
