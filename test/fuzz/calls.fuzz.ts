import assert from 'node:assert/strict';
import { parseCall, renderCall } from '../../server/agents/format.ts';
import { formsOf, toolsOf } from '../../server/agents/tools/toolSet.ts';
import { mutated, sayingsOf } from '../support/fuzz/mutated.ts';
import { pure } from '../support/fuzz/target.ts';

/** What a model writes: one call a turn, with its body. What was read once is read the same again. */
const forms = formsOf(toolsOf('full'));
const examples = forms.map(({ name, example }) => renderCall({ tool: name, ...example }));
const sayings = sayingsOf('test/server/agents/format.test.ts').filter((text) => text.includes('tool'));
const words = [
  ...['{"tool":', '"path":"a.ts"', '"}', '}', '{', '\n', '\r\n', '<<<<<<< SEARCH\n', '=======\n', '>>>>>>> REPLACE'],
  ...[
    '"__proto__":1,',
    '\\u0000',
    '"line":-1',
    '1e999',
    '"tool":"toString"',
    '{"tool":"__proto__"}',
    ...forms.map(({ name }) => name),
  ],
];

export default pure(mutated([...examples, ...sayings], words), (turn) => {
  const parsed = parseCall(turn, forms);
  if (!parsed.ok) return void assert.ok(parsed.problem.length < 500 && !parsed.problem.includes('\n'), parsed.problem);
  const { call, form } = parsed;
  for (const [field, kind] of Object.entries(form.header)) {
    assert.ok(Object.hasOwn(call, field));
    assert.equal(typeof call[field], kind === 'number' ? 'number' : 'string');
  }
  const { body } = call;
  if (Array.isArray(body))
    assert.ok(body.every((edit) => typeof edit.search === 'string' && typeof edit.replace === 'string'));
  // A side of blank lines alone is written as none.
  const again = parseCall(renderCall(call), forms);
  assert.ok(again.ok);
  if (form.body !== 'edits') assert.deepEqual(again.call, call);
});
