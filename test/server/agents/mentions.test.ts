import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Editor, OspainError } from '../../../protocol/index.ts';
import { type Around, mentionsIn } from '../../../server/agents/mentions.ts';
import { createOverlay } from '../../../server/agents/overlay.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';
import { openWorkbench } from './workbench.ts';

const files = { 'src/a.ts': '\uFEFFone\r\ntwo\r\n', 'a name.md': 'blank\n', 'src/b.ts': 'b' };
const around = (root: string, editor?: Editor): Around => ({
  ...{ overlay: createOverlay(root), syntax: createSyntax(), editor, room: 5000 },
  signal: new AbortController().signal,
});

const about = (instruction: string, text?: string) => ({
  instruction,
  context: text === undefined ? null : { path: 'src/b.ts', text },
});

test('a file is mentioned by its path, each once, as a model sees it', async () => {
  await using at = await openWorkbench(files);
  const names = async (text: string) => (await mentionsIn(about(text), around(at.root))).map(({ name }) => name);
  assert.deepEqual(await mentionsIn(about('Like #file:src/a.ts.'), around(at.root)), [
    { name: 'src/a.ts', text: 'one\ntwo' },
  ]);
  assert.deepEqual(await names('#file:"a name.md", #FILE:./src/b.ts and #file:src/b.ts!'), ['a name.md', 'src/b.ts']);
  assert.deepEqual(await names('issue#file:src/a.ts, ##file:src/a.ts, #fileA, # file:src/a.ts'), []);
});

test('what is not there is said before the model is asked', async () => {
  await using at = await openWorkbench(files);
  for (const [text, code] of [
    ['See #file:src/none.ts', 'not_found'],
    ['See #file:src', 'not_found'],
    ['See #file:../../etc/passwd', 'path_outside'],
    ['Fix #selection', 'not_found'],
    ['Fix #problems', 'not_found'],
    ['See #symbol:nothingLikeIt', 'not_found'],
  ] as const)
    await assert.rejects(
      mentionsIn(about(text), around(at.root)),
      (thrown) => thrown instanceof OspainError && thrown.code === code,
      text,
    );
  assert.deepEqual(await mentionsIn(about('Fix #selection', 'b'), around(at.root)), []);
});

const BOX =
  'export class Box {\n  /** Opens it. */\n  open(): number {\n    return 1;\n  }\n}\n\nexport function open() {\n  return 2;\n}\n';

test('a symbol is mentioned by its name, and shown as it is defined', async () => {
  await using at = await openWorkbench({ 'src/box.ts': BOX });
  const found = await mentionsIn(about('Like #symbol:Box.open'), around(at.root));
  assert.deepEqual(found, [{ name: 'src/box.ts:3 Box.open', text: 'open(): number {\n    return 1;\n  }' }]);
  const all = await mentionsIn(about('Like #symbol:open?'), around(at.root));
  assert.deepEqual(
    all.map(({ name }) => name),
    ['src/box.ts:3 Box.open', 'src/box.ts:8 open'],
  );
});

test('problems are those that the editor finds, or else what does not parse', async () => {
  await using at = await openWorkbench({ ...files, 'src/b.ts': 'const = 1;\n' });
  const editor: Editor = {
    ask: async () =>
      ({ diagnostics: [{ line: 1, severity: 'error', message: 'Name expected.', source: 'ts' }] }) as never,
  };
  assert.deepEqual(await mentionsIn(about('Fix #problems', 'x'), around(at.root, editor)), [
    { name: 'problems of src/b.ts', text: 'the editor says:\nline 1: error: Name expected. (ts)' },
  ]);
  const [file, problems] = await mentionsIn(about('Fix #problems of #file:src/b.ts'), around(at.root));
  assert.equal(file?.name, 'src/b.ts');
  assert.match(problems?.text ?? '', /^by the grammar alone:\nline 1 is no valid TypeScript: /);
});
