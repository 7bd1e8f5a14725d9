import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parsePlanPlace, planPlace } from '../../../../webview/pages/plan/planPlace.ts';

it('an address says the view and what stands beside it', () => {
  for (const rest of ['horizons', 'week', 'month/tonight', 'quarter/item/12', 'today/progress'])
    assert.equal(planPlace(parsePlanPlace(rest)), `plan/${rest}`);
});

it('what an address says that is not there is left out', () => {
  for (const rest of ['', 'year', 'year/else', 'horizons/item', 'horizons/item/'])
    assert.equal(planPlace(parsePlanPlace(rest)), 'plan/horizons');
});
