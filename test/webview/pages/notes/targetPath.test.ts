import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NoteLink } from '../../../../protocol/notes.ts';
import { targetPath } from '../../../../webview/pages/notes/targetPath.ts';

const link = (target: string, path: string | null): NoteLink => ({ target, path, heading: null, label: null, line: 1 });
const links = [link('A b', 'x/a b.md'), link('../c.md', 'c.md'), link('gone', null)];

describe('where a link leads', () => {
  const cases: ReadonlyArray<readonly [address: string, path: string, isThere: boolean]> = [
    ['note:a%20b', 'x/a b.md', true],
    ['a b', 'x/a b.md', true],
    ['../c.md#part', 'c.md', true],
    ['gone', 'x/gone.md', false],
    ['new/one', 'new/one.md', false],
    ['./near.md', 'x/near.md', false],
    ['../../../far.md', 'far.md', false],
    ['note:%', 'x/%.md', false],
  ];
  for (const [address, path, isThere] of cases)
    it(address, () => deepEqual(targetPath(address, 'x/from.md', links), { path, isThere }));
});
