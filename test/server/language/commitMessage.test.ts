import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '../../../protocol/index.ts';
import { COMMIT_QUESTION, stagedText } from '../../../server/language/commitMessage.ts';

const info = (contextLength: number, profile: Profile = 'full') => ({
  name: 'm',
  version: '1.0.0',
  profile,
  contextLength,
});
const file = (path: string, lines: number) =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${`+${path} is changed\n`.repeat(lines)}`;

test('what fits stays whole', () => {
  const diff = file('a.ts', 3) + file('b.ts', 4);
  assert.equal(stagedText(diff, info(8192)), diff.trim());
});

test('what does not fit is cut by the file, at whole lines, and says so', () => {
  const diff = file('large.ts', 2000) + file('small.ts', 3) + file('other.ts', 2000);
  const text = stagedText(diff, info(4096));
  assert.ok(text.length + COMMIT_QUESTION.length <= (4096 - 1024) * 2, `${text.length} characters`);
  assert.ok(text.includes(file('small.ts', 3)), 'a small file is whole');
  assert.deepEqual(
    [...text.matchAll(/^diff --git a\/(\S+)/gm)].map(([, path]) => path),
    ['large.ts', 'small.ts', 'other.ts'],
  );
  const left = [...text.matchAll(/^\((\d+) more lines are left out\)$/gm)].map(([, count]) => Number(count));
  assert.equal(left.length, 2);
  const kept = text.split('\n').filter((line) => line === '+large.ts is changed').length;
  assert.equal(kept + (left[0] ?? 0), 2001, 'with the end of the last line');
});

test('what programs made is only named', () => {
  const text = stagedText(file('package-lock.json', 500) + file('src/a.ts', 2), info(8192));
  assert.equal(
    text,
    `diff --git a/package-lock.json b/package-lock.json\n(made by a program)\n${file('src/a.ts', 2).trim()}`,
  );
});

test('nothing staged, and the embedded model: refused with a reason', () => {
  assert.throws(() => stagedText(' \n', info(8192)), { code: 'invalid_params' });
  assert.throws(() => stagedText(file('a.ts', 1), info(1024, 'tiny')), { code: 'not_taught' });
});
