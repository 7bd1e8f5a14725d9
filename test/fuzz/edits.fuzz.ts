import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../../server/agents/edits.ts';
import { mutated, sayingsOf, sourceOf } from '../support/fuzz/mutated.ts';
import { pure } from '../support/fuzz/target.ts';

/** Edits of a model, put into a file: what none of them names stays as it is. */
const sources = ['media/sample/src/orders.ts', 'media/sample/src/users.ts', 'media/sample/src/limits.ts'].map(sourceOf);
const sayings = sayingsOf('test/server/agents/edits.test.ts', 'test/server/agents/editCases.ts');
const words = ['\n', '\r\n', '\t', '    ', '}', '{\n', '…', '“', '”', '\u00a0', '// ...', '\ufeff', 'return', ';'];
const text = fc.oneof(mutated(sources, words), mutated(sayings, words));
/** Lines of the file itself, in which something is changed. */
const near = fc
  .record({ from: fc.nat(), count: fc.nat({ max: 6 }), search: fc.boolean(), put: fc.constantFrom('', ...words) })
  .map((how) => how);

export default pure(
  fc.record({
    file: text,
    places: fc.array(near, { maxLength: 3 }),
    others: fc.array(fc.record({ search: text, replace: text }), { maxLength: 2 }),
  }),
  ({ file, places, others }) => {
    const lines = file.split('\n');
    const own = places.map(({ from, count, search, put }) => {
      const at = from % lines.length;
      const piece = lines.slice(at, at + count + 1).join('\n');
      return { search: search ? piece : `${put}${piece}`, replace: `${piece}${put}` };
    });
    const outcome = applyEdits(file, own);
    if (outcome.ok) assert.equal(outcome.steps.length, own.length);
    const one = own[0];
    if (outcome.ok && own.length === 1 && one !== undefined && outcome.steps[0] === 'exact') {
      // What stands before and behind the one changed place is what stood there.
      const before = file.split(/(?<=\n)/);
      const after = outcome.content.split(/(?<=\n)/);
      const gone = one.search.split(/\r?\n/).length;
      const put = one.replace === '' ? 0 : one.replace.split(/\r?\n/).length;
      assert.ok(Math.abs(after.length - before.length) <= gone + put + 1, `${before.length} became ${after.length}`);
    }
    applyEdits(file, others);
    applyEdits(null, others);
  },
  200,
);
