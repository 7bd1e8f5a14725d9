import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { archiveOf } from '../../../server/commands/archive.ts';
import { tempFolder } from '../../support/temp.ts';

test('tar unpacks every name, text, mode and time', () => {
  using folder = tempFolder('archive');
  const time = Date.UTC(2020, 0, 2, 3, 4, 5);
  const entries = [
    { path: 'a.txt', text: 'one\n' },
    { path: 'empty', text: '' },
    { path: 'deep/er/ünïcode 漢字.txt', text: 'grün\r\n' },
    { path: 'bin/start.sh', text: '#!/bin/sh\n', mode: 0o755 },
    { path: `${'long/'.repeat(60)}${'n'.repeat(200)}`, text: 'x'.repeat(513) },
    { path: `${'é'.repeat(50)}x`, text: 'a name that is cut inside a letter' },
  ];
  execFileSync('tar', ['-xf', '-', '-C', folder.path], { input: archiveOf(entries, time) });
  for (const { path, text, mode = 0o644 } of entries) {
    const file = join(folder.path, path);
    assert.equal(readFileSync(file, 'utf8'), text);
    assert.equal(statSync(file).mode & 0o100, mode & 0o100);
    assert.equal(statSync(file).mtimeMs, time);
  }
});

test('an archive of nothing is one', () => {
  assert.equal(execFileSync('tar', ['-tf', '-'], { input: archiveOf([], 0) }).length, 0);
});
