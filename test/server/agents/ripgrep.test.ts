import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { listFiles } from '../../../server/agents/files.ts';
import { filesWith, ripgrepProgram } from '../../../server/agents/ripgrep.ts';
import { tempFolder } from '../../support/temp.ts';
import { openToolBench } from './toolBench.ts';

const posix = process.platform !== 'win32';

function tree(files: Record<string, string | Buffer>) {
  const folder = tempFolder('ripgrep');
  const root = join(realpathSync.native(folder.path), 'root');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

describe('ripgrep', () => {
  it('comes with the product', async () => {
    assert.ok(await ripgrepProgram(), `no ripgrep for ${process.platform}-${process.arch}`);
  });

  it('looks into the files that are listed, and no others', async () => {
    using at = tree({
      '../.gitignore': '*\n',
      '.gitignore': 'dist/\n*.log\n/top.txt\n!keep.log\n',
      '.ignore': 'src/\n',
      '.git/info/exclude': 'src/\n',
      '.git/config': 'needle',
      'src/.gitignore': 'local.ts\n!debug.log\n',
      'src/a.ts': 'a needle b',
      'src/local.ts': 'needle',
      'src/debug.log': 'needle',
      'src/top.txt': 'needle',
      'src/ä b\u2028.ts': 'needle',
      ...(posix ? { 'src/line\nbreak.ts': 'needle' } : {}),
      'dist/out.js': 'needle',
      'a.log': 'needle',
      'keep.log': 'needle',
      'top.txt': 'needle',
      '.hidden/b.ts': 'needle',
      'node_modules/a/index.js': 'needle',
      'src/node_modules/b.js': 'needle',
      'none.ts': 'hay',
    });
    if (posix) symlinkSync('../dist', join(at.root, 'src/link'));
    const program = await ripgrepProgram();
    const found = await filesWith('needle', { root: at.root, start: '', program });
    const listed = (await listFiles(at.root, '.')).paths.filter((path) => path !== 'none.ts' && !/ignore$/.test(path));
    assert.deepEqual({ ...found, paths: found?.paths.sort() }, { paths: listed.sort(), complete: true });
    const below = await filesWith('needle', { root: at.root, start: 'src/', program });
    assert.deepEqual(below?.paths.sort(), listed.filter((path) => path.startsWith('src/')).sort());
  });

  it('takes the text as letters, whatever they are', async () => {
    const texts = ['--files', '-e', '.*', '(', '$(reboot)', '`id`', '%PATH%', '\\', '"', "'", 'ü', '😀', ';rm'];
    using at = tree(Object.fromEntries(texts.map((text, n) => [`${n}.txt`, `x ${text} y`])));
    const program = await ripgrepProgram();
    for (const [n, text] of texts.entries()) {
      const found = await filesWith(text, { root: at.root, start: '', program });
      assert.ok(found?.paths.includes(`${n}.txt`), text);
      assert.ok((found?.paths.length ?? 0) <= 2, text);
    }
  });

  it('stops when it is enough, and when nobody waits any more', async () => {
    using at = tree(Object.fromEntries(Array.from({ length: 2500 }, (_, n) => [`${n}.txt`, 'needle'])));
    const program = await ripgrepProgram();
    const found = await filesWith('needle', { root: at.root, start: '', program });
    assert.deepEqual([found?.paths.length, found?.complete], [2000, false]);
    const stopped = new AbortController();
    const search = filesWith('needle', { root: at.root, start: '', program, signal: stopped.signal });
    stopped.abort(new Error('enough'));
    await assert.rejects(search, /enough|abort/i);
  });

  it('is not missed where it is not there, or does not work', { skip: !posix }, async () => {
    using at = tree({ 'a.txt': 'needle', 'rg.sh': '#!/bin/sh\necho ./made-up.txt\nexit 2\n' });
    chmodSync(join(at.root, 'rg.sh'), 0o755);
    for (const program of [undefined, join(at.root, 'none'), join(at.root, 'a.txt'), join(at.root, 'rg.sh')])
      assert.equal(await filesWith('needle', { root: at.root, start: '', program }), undefined, String(program));
    assert.equal(await filesWith('a\0b', { root: at.root, start: '', program: await ripgrepProgram() }), undefined);
  });
});

it('a search sees what the task made of the files', async () => {
  using at = openToolBench({
    'src/a.ts': 'needle\n',
    'src/b.ts': 'hay\n',
    'src/c.ts': 'needle\n',
    'dist/d.js': 'needle\n',
    '.gitignore': 'dist/\n',
  });
  const search = (path = '.') => at.told({ tool: 'search_text', path, text: 'needle' });
  await at.told({ tool: 'write_file', path: 'src/a.ts', body: 'hay' });
  await at.told({ tool: 'write_file', path: 'src/b.ts', body: 'a needle' });
  await at.told({ tool: 'delete_file', path: 'src/c.ts' });
  await at.told({ tool: 'write_file', path: 'lib/new.ts', body: 'needle' });
  assert.equal(await search(), 'lib/new.ts:1: needle\nsrc/b.ts:1: a needle');
  assert.equal(await search('src'), 'src/b.ts:1: a needle');
  assert.equal(await search('dist'), 'dist/d.js:1: needle');
});
