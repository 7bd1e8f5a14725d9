import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { ProposalFile } from '../../../../protocol/index.ts';
import { createContents } from '../../../../server/agents/proposals/contents.ts';
import { openWorkbench, proposedBy, type Workbench } from '../workbench.ts';

const kept = ({ db }: Workbench) => db.prepare<[], number>('SELECT count(*) FROM contents').pluck().get() ?? 0;
const bytes = ({ db }: Workbench) =>
  db.prepare<[], number>('SELECT coalesce(sum(length(deflated)), 0) FROM contents').pluck().get() ?? 0;
const propose = (at: Workbench, files: readonly ProposalFile[]) => {
  const task = at.submit();
  at.queue.transact(() => at.proposals.put(task, files));
  return task;
};

test('every text comes back byte for byte', async () => {
  await using at = await openWorkbench({});
  const contents = createContents({ db: at.db });
  for (const text of ['', '\uFEFFa\r\nb', 'no end', '\r', 'größe 🦊\u2028', 'a'.repeat(1_048_576)])
    assert.equal(contents.read(contents.keep(text)), text);
  assert.equal(contents.read(contents.keep(null)), null);
  assert.ok(bytes(at) < 10_000, 'a megabyte of one letter is small');
});

test('space grows with what changes: a text is there once, and what names it no more is gone', async () => {
  const large = randomBytes(200_000).toString('hex');
  await using at = await openWorkbench({ 'a.ts': `${large}\n` });
  const tasks = Array.from({ length: 5 }, (_, n) =>
    propose(at, [{ path: 'a.ts', before: `${large}\n`, after: n === 0 ? `${large}!\n` : `${n}\n` }]),
  );
  assert.equal(kept(at), 6, 'one text before, five after');
  const again = [
    { path: 'a.ts', before: '1\n', after: '2\n' },
    { path: 'new.ts', before: null, after: '2\n' },
  ];
  const [first, second, ...others] = tasks;
  assert.ok(first && second);
  for (const { id } of others) at.proposals.reject(id);
  at.proposals.accept(second.id);
  at.queue.transact(() => at.proposals.put(first, again));
  at.proposals.recover();
  assert.equal(kept(at), 5, 'what the first task proposed before is gone');
  assert.deepEqual(proposedBy(at, first.id), again);
  assert.equal(at.proposals.undo(second.id).status, 'undone');
  assert.equal(at.read('a.ts'), `${large}\n`);
});

test('drafts name texts too, and lose them with the end of their task', async () => {
  await using at = await openWorkbench({});
  const task = at.submit();
  const { drafts } = at.proposals;
  at.queue.transact(() => {
    drafts.add(task, { turn: 1, path: 'a', before: null, after: 'one\r\n' });
    drafts.add(task, { turn: 2, path: 'a', before: 'one\r\n', after: null });
    drafts.add(task, { turn: 2, path: 'b', before: null, after: 'one\r\n' });
  });
  at.proposals.recover();
  assert.equal(kept(at), 1);
  assert.deepEqual(drafts.of(task), [
    { turn: 1, path: 'a', before: null, after: 'one\r\n' },
    { turn: 2, path: 'a', before: 'one\r\n', after: null },
    { turn: 2, path: 'b', before: null, after: 'one\r\n' },
  ]);
  at.queue.transact(() => drafts.dropAfter(task, 0));
  at.proposals.recover();
  assert.equal(kept(at), 0);
});

test('a damaged text is an error, never another text', async () => {
  await using at = await openWorkbench({ 'a.ts': 'a\n' });
  const { id } = propose(at, [{ path: 'a.ts', before: 'a\n', after: 'b\n' }]);
  for (const sql of ["UPDATE contents SET deflated = x'00ff'", 'DELETE FROM contents']) {
    at.db.exec(sql);
    assert.throws(() => at.proposals.show(id), { code: 'storage_corrupt' });
    assert.throws(() => at.proposals.accept(id), { code: 'storage_corrupt' });
  }
  assert.equal(at.read('a.ts'), 'a\n');
});
