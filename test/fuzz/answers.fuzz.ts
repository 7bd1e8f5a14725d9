import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shape, takesBlock } from '../../server/completion/shape.ts';
import { readAnswer } from '../../server/suggestions/answers.ts';
import type { Matter } from '../../server/suggestions/matter.ts';
import { mutated, sayingsOf, sourceOf } from '../support/fuzz/mutated.ts';
import { pure } from '../support/fuzz/target.ts';

/** What models say that are asked for a form, and what they go on typing: it is data of that form, or refused. */
const reason = '"reason":"Because it says so itself."';
const corpus = [
  `{${reason},"tags":["one","two words"]}`,
  `{${reason},"title":"A better title."}`,
  `{${reason},"steps":["First do this","Then do that"]}`,
  `{${reason},"horizon":"now"}`,
  `{${reason},"horizons":["now","later"]}`,
  ...sayingsOf('test/server/completion/shape.test.ts'),
  sourceOf('media/sample/src/orders.ts'),
];
const words = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  '\\u202e',
  '\\n',
  '<b>',
  '#',
  '\n',
  '```',
  'null',
  '"__proto__":{}',
  '\u0000',
  '    ',
  '();',
];
const abouts: readonly Pick<Matter, 'about' | 'boxes'>[] = [
  ...(['tags', 'title', 'steps', 'horizon'] as const).map((about) => ({ about, boxes: [] })),
  { about: 'horizon', boxes: ['one', 'two'] },
];

export default pure(
  fc.record({ text: mutated(corpus, words), about: fc.constantFrom(...abouts), gap: mutated(corpus, words) }),
  ({ text, about, gap }) => {
    const half = { prefix: gap.slice(0, gap.length / 2), suffix: gap.slice(gap.length / 2) };
    takesBlock(half);
    for (const isWhole of [true, false]) shape(text, half, { isWhole });
    const matter = {
      ...about,
      text: '',
      title: 'A title',
      tags: ['one'],
      horizon: 'now',
      known: [],
    } as unknown as Matter;
    const { reason, parts } = readAnswer(text, matter);
    assert.ok(reason.length <= 500 && parts.length <= 30);
    for (const { text } of parts)
      assert.ok(typeof text === 'string' && text.length <= 400 && !/[\n\r\0]/.test(text), text);
  },
  500,
);
