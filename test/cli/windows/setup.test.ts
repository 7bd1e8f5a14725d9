import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { tidy } from '../../../cli/windows/setup.ts';
import { tempFolder } from '../../support/temp.ts';

it('removes what the last version had and this one has not, and nothing else', () => {
  using temp = tempFolder('tidy');
  const at = (name: string) => join(temp.path, ...name.split('\\'));
  const files = ['app\\dist\\a.js', 'app\\dist\\old.js', 'app\\older\\deep\\b.js', 'app\\mine.txt', 'node\\node.exe'];
  for (const name of files) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), name);
  }
  writeFileSync(
    at('old.txt'),
    'app\\dist\\a.js\r\napp\\dist\\old.js\r\napp\\older\\deep\\b.js\r\n..\\outside.txt\r\napp\\gone.js\r\n',
  );
  writeFileSync(at('new.txt'), 'app\\dist\\a.js\r\nnode\\node.exe\r\n');
  assert.equal(tidy(at('old.txt'), at('new.txt'), temp.path), '3 files of the last version removed.');
  assert.ok(existsSync(at('app\\dist\\a.js')));
  assert.ok(existsSync(at('app\\mine.txt')));
  assert.deepEqual(readdirSync(at('app')).sort(), ['dist', 'mine.txt']);
  assert.equal(tidy(at('none.txt'), at('new.txt'), temp.path), '0 files of the last version removed.');
});
