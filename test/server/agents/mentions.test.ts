import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { mentionsIn } from '../../../server/agents/mentions.ts';
import { createOverlay } from '../../../server/agents/overlay.ts';
import { openWorkbench } from './workbench.ts';

const files = { 'src/a.ts': '\uFEFFone\r\ntwo\r\n', 'a name.md': 'blank\n', 'src/b.ts': 'b' };
const about = (instruction: string, text?: string) => ({
  instruction,
  context: text === undefined ? null : { path: 'src/b.ts', text },
});

test('a file is mentioned by its path, each once, as a model sees it', async () => {
  await using at = await openWorkbench(files);
  const overlay = createOverlay(at.root);
  const names = (text: string) => mentionsIn(about(text), overlay).map(({ name }) => name);
  assert.deepEqual(mentionsIn(about('Like #file:src/a.ts.'), overlay), [{ name: 'src/a.ts', text: 'one\ntwo' }]);
  assert.deepEqual(names('#file:"a name.md", #FILE:./src/b.ts and #file:src/b.ts!'), ['a name.md', 'src/b.ts']);
  assert.deepEqual(names('issue#file:src/a.ts, ##file:src/a.ts, #fileA, # file:src/a.ts'), []);
});

test('what is not there is said before the model is asked', async () => {
  await using at = await openWorkbench(files);
  const overlay = createOverlay(at.root);
  for (const [text, code] of [
    ['See #file:src/none.ts', 'not_found'],
    ['See #file:src', 'not_found'],
    ['See #file:../../etc/passwd', 'path_outside'],
    ['Fix #selection', 'not_found'],
  ] as const)
    assert.throws(
      () => mentionsIn(about(text), overlay),
      (thrown) => thrown instanceof OspainError && thrown.code === code,
      text,
    );
  assert.deepEqual(mentionsIn(about('Fix #selection', 'b'), overlay), []);
});
