import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { diffText } from '../../cli/diffText.ts';
import { createPaint } from '../../cli/paint.ts';
import { plain } from '../../cli/text.ts';
import { hunksOf } from '../../server/agents/proposals/hunks.ts';
import { tempFolder } from '../support/temp.ts';

const pipe = { paint: createPaint(false), safe: (text: string) => text };
const terminal = { paint: createPaint(true), safe: plain };

describe('diffText', () => {
  it('is a patch that tools read', () => {
    const files = [
      { path: 'src/a.ts', before: 'one\ntwo\n\n', after: 'one\n2\n\n' },
      { path: 'new.ts', before: null, after: 'only\n' },
      { path: 'end.ts', before: 'a', after: 'a\n' },
    ];
    assert.equal(
      diffText({ files, moves: [] }, pipe),
      [
        ...[
          'diff --git a/src/a.ts b/src/a.ts',
          '--- a/src/a.ts',
          '+++ b/src/a.ts',
          '@@ -1,3 +1,3 @@',
          ' one',
          '-two',
          '+2',
          ' ',
        ],
        ...[
          'diff --git a/new.ts b/new.ts',
          'new file mode 100644',
          '--- /dev/null',
          '+++ b/new.ts',
          '@@ -0,0 +1,1 @@',
          '+only',
        ],
        ...[
          'diff --git a/end.ts b/end.ts',
          '--- a/end.ts',
          '+++ b/end.ts',
          '@@ -1,1 +1,1 @@',
          '-a',
          '\\ No newline at end of file',
          '+a',
        ],
      ].join('\n'),
    );
  });

  it('of new, deleted, moved and empty files is what git applies', () => {
    using folder = tempFolder('patch');
    const at = (path: string) => join(folder.path, path);
    const files = [
      { path: 'a.ts', before: 'a\n', after: null },
      { path: 'b/a.ts', before: null, after: 'a\n' },
      { path: 'empty', before: '', after: null },
      { path: 'gone', before: 'gone', after: null },
      { path: 'hollow', before: null, after: '' },
      { path: 'c.ts', before: '1\n2\n3\n', after: null },
      { path: 'd.ts', before: null, after: '1\r\n2\n3\n' },
    ];
    const moves = [
      { from: 'a.ts', to: 'b/a.ts' },
      { from: 'c.ts', to: 'd.ts' },
    ];
    for (const { path, before } of files) if (before !== null) writeFileSync(at(path), before);
    const patch = diffText({ files, moves }, pipe);
    assert.match(patch, /^diff --git a\/a.ts b\/b\/a.ts\nrename from a.ts\nrename to b\/a.ts$/m);
    const { status, stderr } = spawnSync('git', ['apply'], {
      cwd: folder.path,
      input: `${patch}\n`,
      encoding: 'utf8',
      env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder.path) },
    });
    assert.equal(status, 0, stderr);
    for (const { path, after } of files) {
      if (after === null) assert.equal(existsSync(at(path)), false, path);
      else assert.equal(readFileSync(at(path), 'utf8'), after, path);
    }
  });

  it('numbers the hunks of each block, and a whole file is one', () => {
    const before = Array.from({ length: 20 }, (_, n) => `${n}\n`).join('');
    const after = before.replace('3\n', '').replace('5\n', 'five\n').replace('15\n', '15\n15.5\n');
    const files = [
      { path: 'a', before, after, hunks: hunksOf({ path: 'a', before, after }) },
      { path: 'b', before: 'x\n', after: null, hunks: hunksOf({ path: 'b', before: 'x\n', after: null }) },
    ];
    const blocks = diffText({ files, moves: [] }, pipe)
      .split('\n')
      .filter((line) => line.startsWith('@@'));
    assert.deepEqual(blocks, ['@@ -1,9 +1,8 @@ hunks 1, 2', '@@ -14,6 +13,7 @@ hunk 3', '@@ -1,1 +0,0 @@ hunk 1']);
  });

  it('has colours on a terminal, and nothing that could harm it', () => {
    const text = diffText({ files: [{ path: 'a', before: '-- x\n', after: '\u001b[2J\n' }], moves: [] }, terminal);
    assert.ok(text.includes('\u001b[31m--- x\u001b[39m'));
    assert.ok(text.includes('\u001b[32m+\ufffd[2J\u001b[39m'));
  });
});
