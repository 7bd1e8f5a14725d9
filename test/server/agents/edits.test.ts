import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits } from '../../../server/agents/edits.ts';
import { editCases, one } from './editCases.ts';

for (const { name, before, edits, want, nearest } of editCases) {
  test(`edit: ${name}`, () => {
    const outcome = applyEdits(before, edits);
    if (typeof want === 'string') {
      assert.equal(outcome.ok ? `applied by ${outcome.steps}` : outcome.problem, want);
      if (nearest !== undefined)
        assert.equal(!outcome.ok && outcome.problem === 'notFound' ? outcome.nearest : '', nearest);
    } else {
      assert.ok(outcome.ok, JSON.stringify(outcome));
      assert.equal(outcome.content, want.after);
      assert.equal(outcome.steps[0], want.step);
    }
  });
}

test('wherever an edit lands, it is the only place that its lines could mean', () => {
  const word = fc.constantFrom('alpha', 'beta', 'gamma', 'delta');
  const line = fc
    .tuple(
      fc.constantFrom('', '  ', '\t', '    '),
      word,
      fc.constantFrom('();', '()', '(1);', " = 'x';", ' = "x";', ' {', ''),
    )
    .map((parts) => parts.join(''));
  const file = fc.array(fc.oneof(line, fc.constant(''), fc.constant('}')), { maxLength: 14 });
  const block = fc.array(line, { minLength: 1, maxLength: 4 });
  const squeeze = (text: string) => text.replace(/[\s;,]/g, '').replaceAll("'", '"');
  fc.assert(
    fc.property(file, block, fc.constantFrom('\n', '\r\n'), (lines, search, end) => {
      const before = lines.map((text) => text + end).join('');
      const outcome = applyEdits(before, one(search.join('\n'), 'REPLACED_HERE'));
      if (!outcome.ok) return;
      const after = outcome.content.split(end);
      const at = after.findIndex((text) => text.trim() === 'REPLACED_HERE');
      const rest = [...after.slice(0, at), ...lines.slice(at, at + search.length), ...after.slice(at + 1)];
      assert.equal(rest.join(end), before, 'nothing else changed');
      assert.deepEqual(
        lines.slice(at, at + search.length).map(squeeze),
        search.map(squeeze),
        'the replaced lines are those asked for',
      );
      const exact = lines.filter((_, index) => search.every((text, next) => lines[index + next] === text)).length;
      assert.ok(exact <= 1, 'an ambiguous block is never applied');
    }),
    { seed: 20261123, numRuns: 5000 },
  );
});
