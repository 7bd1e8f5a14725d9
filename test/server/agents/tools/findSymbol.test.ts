import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openToolBench } from '../toolBench.ts';

const find = (name: string) => ({ tool: 'find_symbol', name });

test('a symbol is found where it is defined, also in what the task edited', async () => {
  using at = openToolBench({
    'src/a.ts': '// open is described here\nexport class Box {\n  open() {}\n}\n',
    'src/b.py': 'def open_all():\n    pass\n',
    'src/c.ts': 'new Box().open();\n',
    'docs/open.md': '# open\n',
    'dist/a.js': 'function open() {}\n',
    '.gitignore': 'dist/\n',
    'bad.ts': Buffer.from([0, 1, 2]),
  });
  assert.equal(await at.told(find('open')), 'src/a.ts:3: function Box.open');
  assert.equal(await at.told(find('Box.open')), 'src/a.ts:3: function Box.open');
  assert.equal(await at.told(find('OPEN')), 'src/a.ts:3: function Box.open\nsrc/b.py:1: function open_all');
  assert.equal(await at.told(find('nowhere')), 'nothing found');
  await at.told({ tool: 'write_file', path: 'src/d.ts', body: 'type Box = 1;' });
  await at.told({ tool: 'delete_file', path: 'src/a.ts' });
  assert.equal(await at.told(find('Box')), 'src/d.ts:1: type Box');
});

test('what is too much is said', async () => {
  const many = Array.from({ length: 80 }, (_, n) => `function go() { return ${n}; }`).join('\n');
  using at = openToolBench({ 'a.ts': many });
  const lines = (await at.told(find('go'))).split('\n');
  assert.deepEqual([lines.length, lines.at(-1)], [51, '(there is more: search_text finds lines with the name)']);
});
