import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { OspainError } from '../../../../protocol/index.ts';
import type { Turn } from '../../../../server/inference/engine.ts';
import { type LoadedModel, loadModel } from '../../../../server/inference/llama/model.ts';
import { writeRandomModel } from '../../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../support/temp.ts';
import { listen } from './listener.ts';

const folder = tempFolder('templates');
after(() => folder[Symbol.dispose]());
const path = join(folder.path, 'model.gguf');
const load = (templateMs?: number) =>
  loadModel({ path, contextSize: 512, sequences: 1, threads: 1 }, () => {}, {}, templateMs);
/** Says all texts, with an answer between each two. */
function ask(model: LoadedModel, ...texts: string[]) {
  const turns = texts.flatMap((text): Turn[] => [
    { role: 'assistant', text: 'Go on.' },
    { role: 'user', text },
  ]);
  return model.generate(
    { conversation: 'a', system: 'short', turns: turns.slice(1), maxTokens: 20, temperature: 0, seed: 1 },
    listen(),
  );
}

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

const FOR_EVER =
  '{% for a in range(30000) %}{% for b in range(30000) %}{% for c in range(30000) %}{% endfor %}{% endfor %}{% endfor %}';
test('one that runs for ever is given up', { timeout: 60_000 }, async () => {
  writeRandomModel(path, { metadata: { 'tokenizer.chat_template': { string: FOR_EVER } } });
  await assert.rejects(
    load(500),
    (error: OspainError) => error.code === 'model_unreadable' && /does not come to an end/.test(error.message),
  );
});

test('one that only fails with some conversations fails there, and the model speaks on', {
  timeout: 60_000,
}, async () => {
  const template =
    "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}{% if messages | length > 7 %}{{ raise_exception('too many') }}{% endif %}{% if add_generation_prompt %}[bot]\n{% endif %}";
  writeScriptedModel(path, [{ answers: ['Well said.'] }], {
    metadata: { 'tokenizer.chat_template': { string: template } },
  });
  const model = await load();
  await assert.rejects(ask(model, 'a', 'b', 'c', 'd'), (error: OspainError) => error.code === 'model_unreadable');
  assert.ok((await ask(model, 'a')).usage.promptTokens > 0);
});

test('a file that says nothing of a template speaks ChatML', { timeout: 60_000 }, async () => {
  writeScriptedModel(path, [{ answers: ['Well said.'] }], { metadata: { 'tokenizer.chat_template': { string: '' } } });
  const model = await load();
  assert.equal(model.loaded.hasChatTemplate, false);
  const { text, usage } = await ask(model, 'hi');
  assert.equal(text, 'Well said.');
  // Three tokens that begin a turn, two that end one and "system", "user", "assistant" letter by letter.
  assert.ok(usage.promptTokens > 30, `${usage.promptTokens} tokens`);
});
