import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hunksOf, withHunks } from '../../server/agents/proposals/hunks.ts';
import { markConflicts, merge } from '../../server/agents/proposals/merge.ts';
import { mutated, sourceOf } from '../support/fuzz/mutated.ts';
import { pure } from '../support/fuzz/target.ts';

/** Hunks, and merges of three texts: each way of choosing hunks gives the file, and nothing is lost in a merge. */
const sources = ['media/sample/src/orders.ts', 'media/sample/src/users.ts', 'media/sample/README.md'].map(sourceOf);
const words = [
  '\n',
  '\r\n',
  '=======\n',
  '<<<<<<< a\n',
  '>>>>>>> b\n',
  '\\ No newline at end of file\n',
  '@@ -1 +1 @@\n',
  'x',
];
const text = fc.option(mutated([...sources, 'a\nb\nc\nd\n', ''], words), { nil: null, freq: 20 });

export default pure(
  fc.record({ base: text, ours: text, theirs: text, chosen: fc.nat() }),
  ({ base, ours, theirs, chosen }) => {
    const file = { path: 'a.ts', before: base, after: ours };
    const hunks = hunksOf(file);
    assert.equal(withHunks(file, new Set()), base);
    assert.equal(withHunks(file, new Set(hunks.map(({ id }) => id))), ours);
    withHunks(file, new Set(hunks.filter((_, at) => (chosen >> at) & 1).map(({ id }) => id)));
    const merged = merge({ base, ours, theirs });
    const mirrored = merge({ base, ours: theirs, theirs: ours });
    assert.deepEqual(mirrored.clean, merged.clean);
    if (merged.clean && mirrored.clean) assert.equal(mirrored.text, merged.text);
    assert.deepEqual(merge({ base, ours, theirs: base }), { clean: true, text: ours });
    markConflicts({ base, ours, theirs }, { ours: 'ours', theirs: 'theirs' });
  },
  200,
);
