import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import { addCounts, noCounts, specCounts } from '../../../scripts/testing/counts.ts';

it('adds', () => {
  const sum = addCounts({ passed: 1, failed: 2, skipped: ['a'] }, { passed: 3, failed: 4, skipped: ['b'] });
  deepEqual(sum, { passed: 4, failed: 6, skipped: ['a', 'b'] });
  deepEqual(addCounts(noCounts(), sum), sum);
});

it('reads the sum of the specs in VS Code', () => {
  deepEqual(specCounts('x\nspecs: 7 passed, 0 failed\n'), { passed: 7, failed: 0, skipped: [] });
  deepEqual(specCounts('specs: 7 passed, 1 failed, 2 skipped'), {
    passed: 7,
    failed: 1,
    skipped: ['2 specs in VS Code'],
  });
  equal(specCounts('Error: no spec matches'), undefined);
});
