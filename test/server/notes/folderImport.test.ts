import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { MAX_NOTE } from '../../../protocol/index.ts';
import { createFolderExport } from '../../../server/notes/folderExport.ts';
import { createFolderImport } from '../../../server/notes/folderImport.ts';
import { tempFolder } from '../../support/temp.ts';
import { hasCode, openWorkspace } from './fixture.ts';

const signal = new AbortController().signal;

/** A vault as Obsidian keeps it: names of files and their bytes. */
const VAULT: Readonly<Record<string, string | Buffer>> = {
  'Home.md':
    '\uFEFF---\r\naliases: [Start]\r\ntags: [moc]\r\n---\r\n# Home\r\n[[Projects/Idea|the idea]] ![[picture.png]]\r\n',
  'Projects/Idea.md': '#work/now [[Start]] [home](../Home.md)\n- [ ] first ^abc\n',
  'Projects/Über uns.markdown': '[[Idea]]',
  'empty.md': '',
  'picture.png': Buffer.from([137, 80, 78, 71]),
  'latin.md': Buffer.from([0xe4, 0xf6]),
  'C#.md': 'sharp',
  'big.md': Buffer.alloc(MAX_NOTE + 1, 'a'),
  '.obsidian/workspace.md': 'settings',
  'node_modules/x/README.md': 'code',
};

function fill(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted();

describe('folders of Markdown', { timeout: 60_000 }, () => {
  it('become notes, and the same files again', async () => {
    using workspace = openWorkspace();
    using vault = tempFolder('vault');
    using out = tempFolder('export');
    const { db, notes, list, told } = await workspace.server();
    fill(vault.path, VAULT);
    symlinkSync(join(vault.path, 'Home.md'), join(vault.path, 'link.md'));
    const importFolder = createFolderImport({ db, notes });
    const { skipped, ...done } = await importFolder({ folder: vault.path, into: '' }, signal);
    assert.deepEqual(done, { imported: 4, unchanged: 0, kept: [], more: 0 });
    assert.deepEqual(
      skipped.map(({ path, reason }) => [path, reason.replace(/^"C#.*: it/, 'it')]),
      [
        ['link.md', 'It is a link or no file.'],
        ['picture.png', 'It is no Markdown.'],
        ['C#.md', 'it holds "#".'],
        ['big.md', 'It has more than 5 MiB.'],
        ['latin.md', 'It is not UTF-8.'],
      ],
    );
    assert.deepEqual(list(), ['empty.md', 'Home.md', 'Projects/Idea.md', 'Projects/Über uns.md']);
    assert.equal(told.length, 4);
    assert.deepEqual(
      notes.show('Projects/Idea.md').links.map(({ path }) => path),
      ['Home.md', 'Home.md'],
    );
    assert.deepEqual(
      notes.show('Projects/Idea.md').backlinks.map(({ path }) => path),
      ['Home.md', 'Projects/Über uns.md'],
    );
    const again = await importFolder({ folder: vault.path, into: '' }, signal);
    assert.deepEqual([again.imported, again.unchanged], [0, 4]);
    const exportFolder = createFolderExport({ notes });
    const folder = join(out.path, 'new');
    assert.deepEqual(await exportFolder({ folder, overwrite: false }, signal), { written: 4, unchanged: 0, kept: [] });
    assert.deepEqual(filesIn(folder), ['Home.md', 'Projects/Idea.md', 'Projects/Über uns.md', 'empty.md']);
    for (const path of ['Home.md', 'Projects/Idea.md'])
      assert.equal(readFileSync(join(folder, path), 'utf8'), VAULT[path], path);
  });

  it('go into a folder of notes, and write over none', async () => {
    using workspace = openWorkspace();
    using vault = tempFolder('vault');
    const { db, notes, put, list } = await workspace.server();
    fill(vault.path, { 'a.md': 'new', 'b.md': 'b' });
    put('old/A.md', 'mine');
    const done = await createFolderImport({ db, notes })({ folder: vault.path, into: 'old/' }, signal);
    assert.deepEqual([done.imported, done.kept, list()], [1, ['a.md'], ['old/A.md', 'old/b.md']]);
    assert.equal(notes.show('old/a.md').text, 'mine');
  });

  it('are written over only where somebody says so, and never through a link', async () => {
    using workspace = openWorkspace();
    using out = tempFolder('export');
    using elsewhere = tempFolder('elsewhere');
    const { notes, put } = await workspace.server();
    for (const path of ['a.md', 'sub/b.md', 'linked/c.md', 'd.md']) put(path, path);
    fill(out.path, { 'a.md': 'mine', 'sub/b.md': 'sub/b.md' });
    symlinkSync(elsewhere.path, join(out.path, 'linked'));
    symlinkSync(join(elsewhere.path, 'd.md'), join(out.path, 'd.md'));
    const exportFolder = createFolderExport({ notes });
    assert.deepEqual(await exportFolder({ folder: out.path, overwrite: false }, signal), {
      ...{ written: 0, unchanged: 1, kept: ['a.md', 'd.md', 'linked/c.md'] },
    });
    assert.equal(readFileSync(join(out.path, 'a.md'), 'utf8'), 'mine');
    const second = await exportFolder({ folder: out.path, overwrite: true }, signal);
    assert.deepEqual(second, { written: 1, unchanged: 1, kept: ['d.md', 'linked/c.md'] });
    assert.deepEqual([readFileSync(join(out.path, 'a.md'), 'utf8'), filesIn(elsewhere.path)], ['a.md', []]);
  });

  it('that cannot be are refused', async () => {
    using workspace = openWorkspace();
    const { db, notes } = await workspace.server();
    using folder = tempFolder('none');
    const importFolder = createFolderImport({ db, notes });
    const exportFolder = createFolderExport({ notes });
    await assert.rejects(importFolder({ folder: 'a', into: '' }, signal), hasCode('invalid_params'));
    await assert.rejects(importFolder({ folder: folder.path, into: '../x' }, signal), hasCode('path_outside'));
    await assert.rejects(importFolder({ folder: join(folder.path, 'no'), into: '' }, signal), hasCode('not_found'));
    await assert.rejects(
      exportFolder({ folder: join(folder.path, 'no/no'), overwrite: false }, signal),
      hasCode('not_found'),
    );
    fill(folder.path, { 'a.md': 'a' });
    const given = AbortSignal.abort(new Error('given up'));
    await assert.rejects(importFolder({ folder: folder.path, into: '' }, given), /given up/);
  });
});
