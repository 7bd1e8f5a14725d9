import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declarationsIn } from '../../../server/language/declarations.ts';
import { linesAround, saidInComment, subjectOf, touches } from '../../../server/language/subject.ts';
import { at } from './place.ts';

const SUM = 'function sum(a, b) {\n  return a + b;\n}';

test('the cursor is in the innermost declaration; a selected word is a cursor, more is a selection', () => {
  const cases: [marked: string, name: string | null | undefined, text?: string][] = [
    [`const A = 1;\n\n${SUM.replace('return', 'ret|urn')}\n`, 'sum', SUM],
    [`const A = |1;\n\n${SUM}\n`, 'A', 'const A = 1;'],
    [`class B {\n  go() {\n    |x;\n  }\n}\n`, 'go', '  go() {\n    x;\n  }'],
    [`${SUM.replace('sum', '|sum|')}\n`, 'sum', SUM],
    [`|const A = 1;\n\n${SUM}\n|`, 'A', `const A = 1;\n\n${SUM}\n`],
    [`${SUM.replace('return a + b', '|return a + b|')}\n`, null, 'return a + b'],
    [`import 'a';\n|\n${SUM}\n`, undefined],
  ];
  for (const [marked, name, text] of cases) {
    const place = at(marked);
    const subject = subjectOf(place, declarationsIn(place.text));
    assert.equal(subject?.name, name, marked);
    assert.equal(subject?.text, text, marked);
  }
});

test('what is said in a comment, in any language', () => {
  const said = 'why is this so?';
  for (const line of [
    `// ospain2: ${said}`,
    `  # OSPAiN2: ${said}`,
    `/* ospain2: ${said} */`,
    `<!-- ospain2: ${said} -->`,
  ])
    assert.equal(saidInComment(at(`a\n|${line}\nb`)), said);
  assert.equal(saidInComment(at(`// ospain2: ${said}\n|a`)), undefined, 'another line');
  assert.equal(saidInComment(at('|const ospain2: string = 1')), undefined);
  assert.equal(saidInComment(at('|// ospain2:  ')), undefined);
});

test('ranges beyond the text give what there is', () => {
  const range = { start: { line: 7, character: 3 }, end: { line: 900, character: 0 } };
  assert.equal(subjectOf({ text: SUM, range }, declarationsIn(SUM)), undefined);
  assert.equal(
    linesAround('a\nb\nc\nd', { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } }, 1),
    'a\nb\nc',
  );
  assert.equal(saidInComment({ text: SUM, range }), undefined);
});

test('ranges touch at their edges', () => {
  const range = (from: number, to: number) => ({
    start: { line: 0, character: from },
    end: { line: 0, character: to },
  });
  assert.ok(touches(range(2, 4), range(4, 4)));
  assert.ok(touches(range(3, 3), range(2, 4)));
  assert.ok(!touches(range(2, 4), range(5, 5)));
});
