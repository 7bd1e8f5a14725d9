import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diffText } from '../../cli/diffText.ts';
import { createPaint } from '../../cli/paint.ts';
import { plain } from '../../cli/text.ts';

const pipe = { paint: createPaint(false), safe: (text: string) => text };
const terminal = { paint: createPaint(true), safe: plain };

describe('diffText', () => {
  it('is a patch that tools read', () => {
    const files = [
      { path: 'src/a.ts', before: 'one\ntwo\n\n', after: 'one\n2\n\n' },
      { path: 'new.ts', before: null, after: 'only\n' },
      { path: 'end.ts', before: 'a', after: 'a\n' },
    ];
    assert.equal(
      diffText(files, pipe),
      [
        ...['--- a/src/a.ts', '+++ b/src/a.ts', '@@ -1,3 +1,3 @@', ' one', '-two', '+2', ' '],
        ...['--- /dev/null', '+++ b/new.ts', '@@ -0,0 +1,1 @@', '+only'],
        ...['--- a/end.ts', '+++ b/end.ts', '@@ -1,1 +1,1 @@', '-a', '\\ No newline at end of file', '+a'],
      ].join('\n'),
    );
  });

  it('has colours on a terminal, and nothing that could harm it', () => {
    const text = diffText([{ path: 'a', before: '-- x\n', after: '\u001b[2J\n' }], terminal);
    assert.ok(text.includes('\u001b[31m--- x\u001b[39m'));
    assert.ok(text.includes('\u001b[32m+\ufffd[2J\u001b[39m'));
  });
});
