import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Note } from '../../protocol/index.ts';
import { jsonLines, ownWorkspace } from './command.ts';

describe('ospain2 note', { timeout: 600_000 }, () => {
  const { cli, cwd, env } = ownWorkspace();
  const note = async (...args: string[]) => cli(['note', ...args]);

  it('adds, lists and shows notes', async () => {
    assert.match((await note('list')).out, /^No notes\. Make one with: ospain2 note add/);
    assert.equal((await note('add', 'work/idea', '# Idea\n- [ ] try #now')).out, 'work/idea.md is there.\n');
    assert.equal((await cli(['note', 'add', 'log', '-'], { input: 'see [[idea]]\u001b[31m\n' })).code, 0);
    assert.match(
      (await note('list')).out,
      /^path +changed +boxes +title\nlog\.md .*log\nwork\/idea\.md .* 0\/1 +Idea #now\n$/,
    );
    assert.equal((await note('show', 'log')).out, 'see [[idea]]\u001b[31m\n');
    assert.equal((await note('show', 'work/idea', '--links')).out, '← log.md:1 see [[idea]]\ufffd[31m\n');
    assert.equal((await note('tags')).out, '#now  1 note\n');
    const [first] = jsonLines((await cli(['--json', 'note', 'list', '--tag', 'now'])).out);
    assert.equal(Note.parse(first?.['note']).title, 'Idea');
  });

  it('searches, moves and removes', async () => {
    assert.match((await note('search', 'idea', 'see')).out, /^log\.md:1 +log\n {2}see \[\[idea\]\]/);
    assert.equal((await note('search', 'nothing')).out, 'No note has all of these words.\n');
    assert.equal((await note('mv', 'work', 'old')).out, 'old/idea.md; 0 other notes changed.\n');
    assert.equal((await note('mv', 'old/idea', 'plan')).out, 'plan.md; 1 other note changed.\n');
    assert.match((await note('show', 'log')).out, /^see \[\[plan\]\]/);
    assert.equal((await note('rm', 'log')).code, 0);
    assert.equal((await note('show', 'log')).code, 3);
  });

  it('writes lines of a day', async () => {
    await note('daily', '--date', '2026-11-23', 'called Kim');
    const second = await note('daily', '--date', '2026-11-23', 'wrote it down');
    assert.equal(second.out, 'Written to daily/2026-11-23.md.\n');
    const { out } = await note('daily', '--date', '2026-11-23');
    assert.equal(out, '# 2026-11-23\n\n- called Kim\n- wrote it down\n');
  });

  it('edits with the program of the person', async () => {
    const editor = join(cwd, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nstat -c %a "$1" > mode.txt\necho "more" >> "$1"\n');
    chmodSync(editor, 0o755);
    const edited = await cli(['note', 'edit', 'plan'], { env: { ...env, VISUAL: editor } });
    assert.equal(edited.out, 'plan.md is saved.\n', edited.err);
    assert.match((await note('show', 'plan')).out, /more\n$/);
    assert.equal(readFileSync(join(cwd, 'mode.txt'), 'utf8').trim(), '600');
    assert.match(
      (await cli(['note', 'edit', 'fresh'], { env: { ...env, VISUAL: 'true' } })).out,
      /^Nothing was changed/,
    );
    for (const [program, exit] of [
      ['false', 130],
      ['/no/such/editor', 69],
      ['', 69],
    ] as const)
      assert.equal((await cli(['note', 'edit', 'plan'], { env: { ...env, VISUAL: program, EDITOR: '' } })).code, exit);
  });

  it('imports and exports folders', async () => {
    mkdirSync(join(cwd, 'vault'));
    writeFileSync(join(cwd, 'vault', 'One.md'), '# One\n');
    writeFileSync(join(cwd, 'vault', 'picture.png'), 'x');
    const imported = await note('import', 'vault', '--into', 'taken');
    assert.equal(imported.out, '1 note imported.\nLeft out: picture.png. It is no Markdown.\n');
    const exported = await note('export', 'out');
    assert.match(exported.out, /^3 notes written, not encrypted\.\n$/);
    assert.equal(readFileSync(join(cwd, 'out/taken/One.md'), 'utf8'), '# One\n');
    writeFileSync(join(cwd, 'out/plan.md'), 'mine');
    const again = await note('export', 'out');
    assert.deepEqual([again.code, /plan\.md/.test(again.out)], [4, true]);
  });

  const misuses: [args: string[], exit: number, reason: RegExp][] = [
    [['add', 'plan', 'x'], 4, /was changed meanwhile/],
    [['add', '../x', 'x'], 77, /holds "\.\."/],
    [['add', 'con', 'x'], 64, /device/],
    [['show', 'none'], 3, /no note "none\.md"/],
    [['daily', '--date', 'today'], 64, /date/],
    [['import', 'nowhere'], 3, /no folder/],
  ];
  for (const [args, exit, reason] of misuses)
    it(`refuses ${args.join(' ')}`, async () => {
      const { code, err } = await note(...args);
      assert.equal(code, exit, err);
      assert.match(err, reason);
    });
});
