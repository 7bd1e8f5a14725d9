import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutput } from '../../../server/commands/output.ts';

/** What comes out of these pieces. */
function said(pieces: readonly (string | Uint8Array)[], limit = 1000) {
  const lines: string[] = [];
  const output = createOutput({ limit, onText: (text) => lines.push(text) });
  for (const piece of pieces) output.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  output.end();
  return { text: output.text(), lines, size: output.size };
}

test('colours, titles, links and other codes of terminals go', () => {
  assert.equal(
    said(['\x1b[1;31mred\x1b[0m \x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ \x1b(B\x9b2Jok\n']).text,
    'red link ok\n',
  );
  assert.equal(said(['a\0b\bc\x7fd\te\u202Ef\u200B\n']).text, 'abcd\tef\n');
  assert.equal(said(['\x1b]52;c;never closed\nnext\n']).text, '\nnext\n');
});

test('a code that comes in two pieces goes as well', () => {
  assert.equal(said(['one \x1b[3', '1mtwo\x1b[0m\n']).text, 'one two\n');
});

test('of a line that was written over the last state stays', () => {
  assert.equal(said(['10 %\r50 %\r100 %\ndone\r\n']).text, '100 %\ndone\n');
});

test('letters that come in pieces are whole, and bytes that are none are replaced', () => {
  const bytes = Buffer.from('grün\n');
  assert.equal(said([bytes.subarray(0, 3), bytes.subarray(3)]).text, 'grün\n');
  assert.equal(said([Uint8Array.of(0x61, 0xff, 0xfe, 0x0a, 0xc3)]).text, 'a��\n�');
});

test('whole lines are told as they come, the rest at the end', () => {
  assert.deepEqual(said(['a', 'b\nc\nd', 'e']).lines, ['ab\nc\n', 'de']);
});

test('a line that never ends is not kept back for ever', () => {
  const { lines, text } = said(['x'.repeat(3000), 'x'.repeat(3000), 'y'], 20_000);
  assert.deepEqual(
    lines.map(({ length }) => length),
    [6000, 1],
  );
  assert.equal(text.length, 6001);
});

test('long output loses its middle, and says how much', () => {
  const all = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join('');
  const { text, size } = said([all.slice(0, 5000), all.slice(5000)], 200);
  assert.match(text, /^line 0\nline 1\n/);
  assert.match(text, /\nline 998\nline 999\n$/);
  const missing = Number(text.match(/\n… (\d+) characters left out …\n/)?.[1]);
  const mark = `… ${missing} characters left out …\n`;
  assert.equal(text.length - mark.length + missing, all.length);
  assert.ok(text.length < 300);
  assert.equal(size, all.length);
});

test('what fits is not cut', () => {
  const all = `${'a'.repeat(90)}\n${'b'.repeat(90)}\n`;
  assert.equal(said([all], 200).text, all);
});
