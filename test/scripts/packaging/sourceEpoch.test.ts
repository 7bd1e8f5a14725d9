import { equal, ok, rejects } from 'node:assert/strict';
import { parse } from 'node:path';
import { it } from 'node:test';
import { sourceEpoch } from '../../../scripts/packaging/sourceEpoch.ts';

it('takes what the environment says', async () => {
  equal(await sourceEpoch({ SOURCE_DATE_EPOCH: '1700000000' }), 1_700_000_000);
  await rejects(sourceEpoch({ SOURCE_DATE_EPOCH: 'yesterday' }), /seconds since 1970, and not 'yesterday'/);
});

it('takes the time of the commit, and one that never changes where there is no history', async () => {
  const time = await sourceEpoch({});
  equal(time, await sourceEpoch({ SOURCE_DATE_EPOCH: '' }));
  ok(time >= 315_619_200);
  equal(await sourceEpoch({}, parse(process.cwd()).root), 315_619_200);
});
