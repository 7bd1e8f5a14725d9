import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { it } from 'node:test';
import { createAnchors } from '../../../server/audit/anchors.ts';
import { type AuditBench, auditBench } from './auditBench.ts';

const record = ({ log }: Pick<AuditBench, 'log'>, times: number) => {
  for (let time = 0; time < times; time++) log.record({ type: 'trust.set', subject: 'x' });
};

it('a whole database that was put back from earlier shows in the other chain, and one that was restored does not', async () => {
  using user = await auditBench();
  using first = await auditBench();
  const anchorsOf = ({ log }: Pick<AuditBench, 'log'>) =>
    createAnchors({ workspace: log, user: user.log, id: 'a', path: '/a' });
  anchorsOf(first).opened();
  record(first, 3);
  first.db.pragma('wal_checkpoint(TRUNCATE)');
  const copy = `${first.file}.copy`;
  copyFileSync(first.file, copy);
  record(first, 5);
  anchorsOf(first).closed();
  assert.equal(anchorsOf(first).broken(), null);

  const earlier = await first.another();
  earlier.db.close();
  first.db.close();
  copyFileSync(copy, first.file);
  using back = await first.another();
  assert.equal((await back.log.verify()).broken, null, 'it is whole in itself');
  assert.deepEqual(anchorsOf(back).broken(), { number: 4, what: 'truncated' });
  anchorsOf(back).opened();
  record(back, 9);
  anchorsOf(back).closed();
  assert.deepEqual(anchorsOf(back).broken(), { number: 8, what: 'altered' });

  back.log.record({ type: 'backup.restored', subject: 'x' });
  anchorsOf(back).opened();
  assert.equal(anchorsOf(back).broken(), null);
  anchorsOf(back).opened();
  assert.equal(user.log.list({ limit: 9, types: ['backup.restored'] }).length, 1);

  using fresh = await auditBench();
  assert.deepEqual(anchorsOf(fresh).broken(), { number: 1, what: 'replaced' });
});
