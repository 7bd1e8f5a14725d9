import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Editor, EditorMethod } from '../../../../protocol/index.ts';
import { openToolBench } from '../toolBench.ts';

/** An editor that gives these answers, and what it was asked. */
function editorWith(answers: Partial<Record<EditorMethod, unknown>>): Editor & { asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    async ask(method, params) {
      asked.push([method, params]);
      return answers[method] as never;
    },
  };
}

const files = { 'src/a.ts': 'export const A: string = 1;\n', 'src/b.ts': 'if (\n', 'notes.txt': 'if (\n' };
const check = (path: string) => ({ tool: 'diagnostics', path });
const wrongType = { line: 1, severity: 'error', message: 'Type number\n  is no string.', source: 'ts' };

describe('what is wrong with a file', () => {
  it('is what the editor finds', async () => {
    using at = openToolBench(files);
    const editor = editorWith({ 'editor/diagnostics': { diagnostics: [wrongType] } });
    const { text } = await at.run(check('./src/a.ts'), { editor });
    assert.equal(text, 'the editor says:\nline 1: error: Type number is no string. (ts)');
    assert.deepEqual(editor.asked, [['editor/diagnostics', { path: 'src/a.ts' }]]);
    const clean = editorWith({ 'editor/diagnostics': { diagnostics: [] } });
    assert.equal((await at.run(check('src/a.ts'), { editor: clean })).text, 'no problems (the editor says)');
  });

  it('is what the grammar says of the task’s own edits, which the editor does not see', async () => {
    using at = openToolBench(files);
    const editor = editorWith({ 'editor/diagnostics': { diagnostics: [wrongType] } });
    await at.told({ tool: 'write_file', path: 'src/a.ts', body: 'const A = (1;' });
    const { text } = await at.run(check('src/a.ts'), { editor });
    assert.match(text, /^with your edits, by the grammar alone:\nline 1 is no valid TypeScript: /);
    assert.deepEqual(editor.asked, []);
    await at.told({ tool: 'write_file', path: 'src/a.ts', body: 'const A = 1;' });
    assert.equal(
      (await at.run(check('src/a.ts'), { editor })).text,
      'no problems (with your edits, by the grammar alone)',
    );
  });

  it('is what the grammar says where no editor answers', async () => {
    using at = openToolBench(files);
    for (const more of [{}, { editor: editorWith({}) }]) {
      const { text } = await at.run(check('src/b.ts'), more);
      assert.match(text, /^by the grammar alone:\nline 1 is no valid TypeScript: if \($/);
    }
    assert.equal(await at.refused(check('notes.txt')), 'nothing here can check notes.txt');
    assert.match(await at.refused(check('src')), /is a folder/);
    assert.match(await at.refused(check('src/c.ts')), /no such file/);
    assert.match(await at.refused(check('../a.ts')), /not a path of the workspace/);
  });
});

describe('where something is defined', () => {
  const symbol = { path: 'src/a.ts', line: 1, kind: 'constant', name: 'A' };
  const ask = { tool: 'find_symbol', name: 'A' };

  it('is what the editor knows, but for what lies outside and what the task edited', async () => {
    using at = openToolBench({ ...files, '.git/hooks/x.ts': 'function A() {}\n', 'src/c.ts': 'function A() {}\n' });
    const elsewhere = ['../out.ts', '.git/hooks/x.ts', 'gone.ts'].map((path) => ({ ...symbol, path }));
    const editor = editorWith({ 'editor/symbols': { symbols: [...elsewhere, symbol, { ...symbol, name: 'AB' }] } });
    assert.equal((await at.run(ask, { editor })).text, 'src/a.ts:1: constant A');
    await at.told({ tool: 'write_file', path: 'src/a.ts', body: '\nfunction A() {}' });
    assert.equal((await at.run(ask, { editor })).text, 'src/a.ts:2: function A\nsrc/c.ts:1: function A');
  });

  it('is looked for in the files where the editor knows nothing', async () => {
    using at = openToolBench({ 'src/c.ts': 'function A() {}\n' });
    for (const editor of [editorWith({}), editorWith({ 'editor/symbols': { symbols: [] } })])
      assert.equal((await at.run(ask, { editor })).text, 'src/c.ts:1: function A');
  });
});
