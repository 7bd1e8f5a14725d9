import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as library from 'node-llama-cpp';
import { findThoughtForm, plainText } from '../../../../server/inference/llama/thoughtForm.ts';

/** What stands around a thought, by a family's own form and a template that speaks of it. */
function around(wrapper: library.ChatWrapper, template: string) {
  const form = findThoughtForm(library, wrapper, template);
  if (form === null) return null;
  const { opening, closing, end } = form;
  return { opening: opening && plainText(library, opening), closing: plainText(library, closing), end };
}

test('a thought leads to the answer as its family writes it', () => {
  assert.deepEqual(around(new library.QwenChatWrapper(), String.raw`'<think>\n' + thought + '\n</think>\n\n'`), {
    opening: '<think>\n',
    closing: '\n</think>\n\n',
    end: '</think>',
  });
  assert.deepEqual(around(new library.DeepSeekChatWrapper(), "'<think>' in it and '</think>' in it"), {
    opening: '<think>',
    closing: '</think>',
    end: '</think>',
  });
  assert.deepEqual(around(new library.HarmonyChatWrapper(), '<|channel|>analysis<|message|>'), {
    opening: '<|channel|>analysis<|message|>',
    closing: '<|end|><|start|>assistant<|channel|>final<|message|>',
    end: '<|end|>',
  });
});

test('a form that knows thoughts, with a template that does not, has none', () => {
  assert.equal(around(new library.QwenChatWrapper(), '<|im_start|>'), null);
  assert.equal(around(new library.ChatMLChatWrapper(), '<think></think>'), null);
});
