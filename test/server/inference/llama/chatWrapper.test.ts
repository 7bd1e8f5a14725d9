import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { OspainError } from '../../../../protocol/index.ts';
import { loadModel } from '../../../../server/inference/llama/model.ts';
import { writeRandomModel } from '../../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../support/temp.ts';
import { listen } from './listener.ts';

const folder = tempFolder('templates');
after(() => folder[Symbol.dispose]());
const path = join(folder.path, 'model.gguf');
const load = () => loadModel({ path, contextSize: 512, sequences: 1, threads: 1 }, () => {});

const BROKEN = {
  'does not parse': '{% for m in messages %}{{ m.content }}',
  'uses what there is not': '{% for m in messages %}{{ m.content | reversed_twice }}{% endfor %}',
  'leaves messages out': '{{ messages[0].content }}',
  'always complains': "{{ raise_exception('not today') }}",
};
for (const [what, template] of Object.entries(BROKEN))
  test(`a chat template that ${what} shows while the model is loaded`, { timeout: 60_000 }, async () => {
    writeRandomModel(path, { metadata: { 'tokenizer.chat_template': { string: template } } });
    await assert.rejects(
      load(),
      (error: OspainError) => error.code === 'model_unreadable' && /chat template/.test(error.message),
    );
  });

test('a file that says nothing of a template speaks ChatML', { timeout: 60_000 }, async () => {
  writeScriptedModel(path, [{ answers: ['Well said.'] }], { metadata: { 'tokenizer.chat_template': { string: '' } } });
  const model = await load();
  assert.equal(model.loaded.hasChatTemplate, false);
  const { text, usage } = await model.generate(
    {
      conversation: 'a',
      system: 'short',
      turns: [{ role: 'user', text: 'hi' }],
      maxTokens: 20,
      temperature: 0,
      seed: 1,
    },
    listen(),
  );
  assert.equal(text, 'Well said.');
  // Three tokens that begin a turn, two that end one and "system", "user", "assistant" letter by letter.
  assert.ok(usage.promptTokens > 30, `${usage.promptTokens} tokens`);
});
