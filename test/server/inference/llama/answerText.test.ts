import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnswerText } from '../../../../server/inference/llama/answerText.ts';

/** A tokenizer whose tokens are single bytes. */
const decode = (bytes: readonly number[]) => Buffer.from(bytes).toString('utf8');

function chunks(text: string, stops: readonly string[] = []): { chunks: string[]; stopped: string | null } {
  const answer = createAnswerText(decode, stops);
  const pushed = [...Buffer.from(text)].map((byte) => answer.push(byte));
  return { chunks: [...pushed, answer.finish()].filter((chunk) => chunk !== ''), stopped: answer.stopped };
}

test('a character of several tokens is shown whole', () => {
  assert.deepEqual(chunks('až€🎉b').chunks, ['a', 'ž', '€', '🎉', 'b']);
});

test('bytes that never become a character are shown after four', () => {
  const answer = createAnswerText(decode, []);
  const shown = [0x80, 0x80, 0x80, 0x80, 0x61].map((byte) => answer.push(byte));
  assert.deepEqual(shown, ['', '', '', '\ufffd\ufffd\ufffd\ufffd', 'a']);
});

test('an incomplete character at the end is not lost', () => {
  const answer = createAnswerText(decode, []);
  assert.deepEqual([answer.push(0x61), answer.push(0xc5), answer.finish()], ['a', '', '\ufffd']);
});

test('a stop text ends the answer and no part of it is shown', () => {
  assert.deepEqual(chunks('yes<end>no', ['<end>']), { chunks: ['y', 'e', 's'], stopped: '<end>' });
});

test('what only looked like a stop text is shown', () => {
  assert.equal(chunks('a <<en <e', ['<end>']).chunks.join(''), 'a <<en <e');
});

test('of several stop texts the first in the answer counts', () => {
  assert.equal(chunks('one STOP two <end>', ['<end>', 'STOP']).chunks.join(''), 'one ');
});
