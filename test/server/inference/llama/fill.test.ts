import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Token } from 'node-llama-cpp';
import { completionTokens, type FillModel, fillTokens } from '../../../../server/inference/llama/fill.ts';

const token = (id: number) => id as Token;
const letters = (text: string) => [...text].map((letter) => token(letter.charCodeAt(0)));

function model(infill: { prefix?: number; suffix?: number; middle?: number }, bos?: number): FillModel {
  const get = (id: number | undefined) => (id === undefined ? null : token(id));
  return {
    tokenize: letters,
    tokens: {
      bos: get(bos),
      shouldPrependBosToken: bos !== undefined,
      infill: { prefix: get(infill.prefix), suffix: get(infill.suffix), middle: get(infill.middle) },
    },
  };
}

test('a family with a token for the middle reads prefix, suffix, middle', () => {
  const tokens = completionTokens(model({ prefix: 1, suffix: 2, middle: 3 }), 'ab', 'cd');
  assert.deepEqual(tokens, [1, ...letters('ab'), 2, ...letters('cd'), 3]);
});

test('a family without one reads the suffix first', () => {
  const tokens = completionTokens(model({ prefix: 1, suffix: 2 }, 9), 'ab', 'cd');
  assert.deepEqual(tokens, [9, 2, ...letters('cd'), 1, ...letters('ab')]);
});

test('a text alone is read as it is, after the token that begins texts where there is one', () => {
  assert.deepEqual(completionTokens(model({}), 'ab', undefined), letters('ab'));
  assert.deepEqual(completionTokens(model({}, 9), '', undefined), [9]);
  assert.throws(() => completionTokens(model({}), '', undefined), { code: 'invalid_params' });
});

test('a model without the tokens was never taught it', () => {
  assert.throws(() => completionTokens(model({ prefix: 1 }), 'ab', 'cd'), { code: 'not_taught' });
  assert.deepEqual([...fillTokens(model({ prefix: 1, middle: 3 }))], [1, 3]);
});
