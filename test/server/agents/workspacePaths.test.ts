import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { readText } from '../../../server/agents/fileText.ts';
import type { Call } from '../../../server/agents/format.ts';
import { createOverlay } from '../../../server/agents/overlay.ts';
import { nearestPath, resolveInside } from '../../../server/agents/workspacePaths.ts';
import { tempFolder } from '../../support/temp.ts';
import { runCall } from './runCall.ts';
import { syntax } from './toolBench.ts';

const posix = process.platform !== 'win32';
const folder = tempFolder('paths');
const base = realpathSync.native(folder.path);
const root = join(base, 'workspace');
const secret = 'OUTSIDE_SECRET';
const socket = createServer();

before(async () => {
  for (const path of ['workspace/src/deep', 'workspace/.git/hooks', 'workspace-two', 'outside/below'])
    mkdirSync(join(base, path), { recursive: true });
  writeFileSync(join(base, 'outside/secret.ts'), `const ${secret} = 1;\n`);
  writeFileSync(join(base, 'outside/below/secret.ts'), `const ${secret} = 1;\n`);
  writeFileSync(join(base, 'workspace-two/secret.ts'), `const ${secret} = 1;\n`);
  writeFileSync(join(root, 'src/a.ts'), 'const a = 1;\n');
  writeFileSync(join(root, '.git/config'), `[core] ${secret}\n`);
  writeFileSync(join(root, 'large.txt'), 'x'.repeat(2 * 1024 * 1024));
  writeFileSync(join(root, 'sparse.img'), '');
  truncateSync(join(root, 'sparse.img'), 2 * 1024 ** 3);
  writeFileSync(join(root, 'binary.bin'), Buffer.from([80, 75, 3, 4, 0, 0, 1]));
  writeFileSync(join(root, 'latin.txt'), Buffer.from([0x67, 0x72, 0xfc, 0xdf, 0x65]));
  writeFileSync(join(root, 'half.txt'), Buffer.from('é').subarray(0, 1));
  if (!posix) return;
  symlinkSync('../outside/secret.ts', join(root, 'fileLink.ts'));
  symlinkSync(join(base, 'outside/secret.ts'), join(root, 'absoluteLink.ts'));
  symlinkSync('../outside', join(root, 'folderLink'));
  symlinkSync('../workspace-two', join(root, 'neighbourLink'));
  symlinkSync('folderLink', join(root, 'linkToLink'));
  symlinkSync('../outside/new.ts', join(root, 'danglingLink.ts'));
  symlinkSync('../outside/nothing', join(root, 'danglingFolder'));
  symlinkSync('loop.ts', join(root, 'loop.ts'));
  symlinkSync('.git', join(root, 'gitLink'));
  symlinkSync('/dev/zero', join(root, 'zeroLink'));
  symlinkSync('pipe', join(root, 'pipeLink'));
  symlinkSync('src/a.ts', join(root, 'inside.ts'));
  symlinkSync('src', join(root, 'insideFolder'));
  symlinkSync(root, join(root, 'self'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  linkSync(join(root, 'src/a.ts'), join(root, 'second.ts'));
  await new Promise<void>((resolve) => socket.listen(join(root, 'sock'), resolve));
});
after(async () => {
  if (posix) await new Promise((resolve) => socket.close(resolve));
  folder[Symbol.dispose]();
});

/** Paths that no tool may touch, each with what it tries. */
const outside: [what: string, path: string][] = [
  ['the folder above', '..'],
  ['a file above', '../outside/secret.ts'],
  ['far above', '../../../../../../../../etc/passwd'],
  ['above, from below', 'src/../../outside/secret.ts'],
  ['above, after a folder that is not there', 'nothing/../../outside/secret.ts'],
  ['up and down again', 'src/../src/a.ts'],
  ['an absolute path', '/etc/passwd'],
  ['an absolute path beside', join(base, 'outside/secret.ts')],
  ['a folder that begins like the workspace', join(base, 'workspace-two/secret.ts')],
  ['an absolute path inside that goes up', `${root}/../outside/secret.ts`],
  ['two slashes in front', '//etc/passwd'],
  ['a device', '/dev/zero'],
  ['a process', '/proc/self/environ'],
  ['above, as Windows writes it', '..\\outside\\secret.ts'],
  ['above, half and half', 'src\\..\\..\\outside/secret.ts'],
  ['a drive', 'C:\\Windows\\win.ini'],
  ['a drive, relative', 'C:secret.ts'],
  ['a drive, with slashes', 'c:/Windows/win.ini'],
  ['another machine', '\\\\server\\share\\a.ts'],
  ['another machine, with slashes', '//server/share/a.ts'],
  ['a device of Windows', '\\\\.\\PhysicalDrive0'],
  ['a long path of Windows', '\\\\?\\C:\\a.ts'],
  ['an alternate stream', 'src/a.ts:hidden'],
  ['an alternate stream, named', 'src/a.ts::$DATA'],
  ['a dot at the end', 'src/a.ts.'],
  ['a blank at the end', 'src/a.ts '],
  ['a folder with a dot at the end', 'src./a.ts'],
  ['three dots', '.../a.ts'],
  ['a zero byte', 'src/a.ts\0.png'],
  ['a line break', 'src/a.ts\nb'],
  ['an escape character', 'src/\u001b[2Ja.ts'],
  ['half a character', 'src/\ud800.ts'],
  ['a file as a folder', 'src/a.ts/b.ts'],
  ['a very long name', 'x'.repeat(5000)],
  ['the repository’s own folder', '.git/config'],
  ['a hook', '.git/hooks/pre-commit'],
  ['a hook, in capitals', '.GIT/hooks/pre-commit'],
  ['a hook, with a character that has no width', '.g\u200cit/hooks/pre-commit'],
  ['a hook of a folder below', 'src/.git/hooks/post-merge'],
];
const links: [what: string, path: string][] = [
  ['a link to a file', 'fileLink.ts'],
  ['an absolute link', 'absoluteLink.ts'],
  ['a link to a folder', 'folderLink'],
  ['a file behind a link', 'folderLink/secret.ts'],
  ['a link to a folder that begins like the workspace', 'neighbourLink/secret.ts'],
  ['a new file behind a link', 'folderLink/new.ts'],
  ['a link to a link', 'linkToLink/below/secret.ts'],
  ['a link to a file that is not there yet', 'danglingLink.ts'],
  ['a link to a folder that is not there yet', 'danglingFolder/new.ts'],
  ['a link to itself', 'loop.ts'],
  ['a link to the repository’s own folder', 'gitLink/config'],
  ['a link to a device', 'zeroLink'],
  ['a pipe', 'pipe'],
  ['a link to a pipe', 'pipeLink'],
  ['a socket', 'sock'],
];

const context = () => ({ overlay: createOverlay(root), room: 100_000, signal: new AbortController().signal, syntax });
const calls = (path: string): Call[] => [
  { tool: 'read_file', path, from: 1, to: 300 },
  { tool: 'list_files', path },
  { tool: 'search_text', path, text: secret },
  { tool: 'edit_file', path, body: [{ search: '', replace: 'owned' }] },
  { tool: 'edit_file', path, body: [{ search: `const ${secret} = 1;`, replace: 'owned' }] },
  { tool: 'write_file', path, body: 'owned' },
  { tool: 'write_function', path, name: secret, body: 'owned' },
  { tool: 'delete_file', path },
  { tool: 'move_file', from: path, to: 'src/stolen.ts' },
  { tool: 'move_file', from: 'src/a.ts', to: path },
];

describe('a path that leads out of the workspace', () => {
  for (const [what, path] of posix ? [...outside, ...links] : outside)
    it(`is refused: ${what}`, async () => {
      assert.throws(
        () => resolveInside(root, path),
        (error) => error instanceof OspainError && error.code === 'path_outside',
      );
      for (const call of calls(path)) {
        const setting = context();
        const result = await runCall(call, setting);
        assert.equal(result.ok, false, `${call.tool} ${JSON.stringify(path)}`);
        assert.doesNotMatch(result.text, new RegExp(secret));
        assert.doesNotMatch(result.text, /\n/, 'one line');
        assert.ok(result.text.length < 600, 'short');
        assert.deepEqual(setting.overlay.changes(), []);
      }
    });

  it('was tried in more than forty ways, and nothing outside was touched', () => {
    assert.ok(outside.length + links.length > 40);
    assert.equal(readFileSync(join(base, 'outside/secret.ts'), 'utf8'), `const ${secret} = 1;\n`);
    for (const path of ['outside/new.ts', 'outside/nothing', 'outside/owned'])
      assert.equal(existsSync(join(base, path)), false, path);
  });

  it('is a device on Windows by its name', () => {
    for (const name of ['NUL', 'con.ts', 'src/aux.c', 'COM1', 'lpt9.log']) {
      assert.throws(() => resolveInside(root, name, 'win32'), /device/);
      if (posix) assert.equal(resolveInside(root, name).is, 'nothing');
    }
  });
});

describe('a file that is no text', () => {
  const refused: [what: string, path: string, why: RegExp][] = [
    ['2 MiB', 'large.txt', /2097152 bytes/],
    ['2 GiB with nothing in it', 'sparse.img', /2147483648 bytes/],
    ['binary', 'binary.bin', /binary/],
    ['Latin-1', 'latin.txt', /not UTF-8/],
    ['half a character', 'half.txt', /not UTF-8/],
    ['nothing', 'src/nothing.ts', /no such file/],
  ];
  for (const [what, path, why] of refused)
    it(`is not read and not edited: ${what}`, async () => {
      const setting = context();
      const read = await runCall({ tool: 'read_file', path, from: 1, to: 300 }, setting);
      assert.ok(!read.ok);
      assert.match(read.text, why);
      const edit = await runCall({ tool: 'edit_file', path, body: [{ search: 'x', replace: 'y' }] }, setting);
      assert.ok(!edit.ok);
      assert.match(edit.text, why);
      assert.deepEqual(setting.overlay.changes(), []);
    });
});

describe('a place that is exchanged after it was looked at', { skip: !posix }, () => {
  const isRefused = (error: unknown) => error instanceof OspainError && error.code === 'invalid_params';

  it('is not read: a folder on the way is a link now', () => {
    mkdirSync(join(root, 'swapped'));
    writeFileSync(join(root, 'swapped/secret.ts'), 'inside\n');
    const place = resolveInside(root, 'swapped/secret.ts');
    renameSync(join(root, 'swapped'), join(root, 'swappedAway'));
    symlinkSync('../outside', join(root, 'swapped'));
    assert.throws(() => readText(place.absolute, place.path), isRefused);
    const overlay = createOverlay(root);
    assert.throws(() => overlay.read(place), isRefused);
    assert.throws(() => overlay.write(place, 'owned'), isRefused);
  });

  it('is not read: the file is a link or a pipe now', () => {
    for (const [name, put] of [
      ['link', (path: string) => symlinkSync('../outside/secret.ts', path)],
      ['pipe2', (path: string) => execFileSync('mkfifo', [path])],
    ] as const) {
      const path = join(root, `${name}.ts`);
      writeFileSync(path, 'inside\n');
      const place = resolveInside(root, `${name}.ts`);
      renameSync(path, `${path}.away`);
      put(path);
      assert.throws(() => readText(place.absolute, place.path), isRefused, name);
    }
  });
});

describe('a path inside', () => {
  it('has one name, however it was written', () => {
    const written = ['src/a.ts', './src/a.ts', 'src//a.ts', 'src\\a.ts', 'src/./a.ts', join(root, 'src/a.ts')];
    if (posix) written.push('inside.ts', 'insideFolder/a.ts', 'self/src/a.ts');
    for (const path of written)
      assert.deepEqual(
        resolveInside(root, path),
        { path: 'src/a.ts', absolute: join(root, 'src', 'a.ts'), is: 'file' },
        path,
      );
    for (const path of ['.', '', './', root])
      assert.deepEqual(resolveInside(root, path), { path: '.', absolute: root, is: 'folder' });
    assert.deepEqual(resolveInside(root, 'new/b.ts'), {
      path: 'new/b.ts',
      absolute: join(root, 'new', 'b.ts'),
      is: 'nothing',
    });
  });

  it('may have letters, blanks and dots as people use them', () => {
    for (const path of [
      'Größe/日本 語.ts',
      '.github/workflows/a.yml',
      'a..b.ts',
      'src/[id].tsx',
      'a,b;c.ts',
      "it's.md",
    ])
      assert.equal(resolveInside(root, path).path, path);
  });
});

describe('the nearest path', () => {
  const paths = ['src/limits.ts', 'src/users.ts', 'src/api/orders.ts', 'lib/config.js', 'README.md'];
  for (const [wanted, nearest] of [
    ['src/limit.ts', 'src/limits.ts'],
    ['limits.ts', 'src/limits.ts'],
    ['src/orders.ts', 'src/api/orders.ts'],
    ['SRC/Users.TS', 'src/users.ts'],
    ['lib/config.ts', 'lib/config.js'],
    ['docs/pictures/logo.svg', undefined],
  ] as const)
    it(`of ${wanted} is ${nearest}`, () => assert.equal(nearestPath(wanted, paths), nearest));
});
