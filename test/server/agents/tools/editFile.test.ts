import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEditSuite, suiteCases } from '../editSuite.ts';

test('edits land where they were meant, or nowhere', async () => {
  const { results, rate } = await runEditSuite();
  const wrong = results.filter(({ became }) => became === 'wrong');
  assert.deepEqual(
    wrong.map(({ case: one, text }) => `${one.name}: ${text}`),
    [],
  );
  const count = (what: string) => results.filter(({ became }) => became === what).length;
  console.log(
    `edit suite: ${results.length} cases, ${count('applied')} applied, ${count('refused')} refused, ${wrong.length} in a wrong place; ${(100 * rate).toFixed(1)} % of those that are clear are applied`,
  );
  assert.ok(suiteCases.length >= 70);
  assert.ok(rate > 0.8, String(rate));
});
