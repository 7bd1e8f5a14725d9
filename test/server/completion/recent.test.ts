import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecent } from '../../../server/completion/recent.ts';

test('typing along a suggestion needs no model', () => {
  const recent = createRecent();
  recent.keep('a.ts', { prefix: 'const a = ', suffix: '\n' }, 'b + c;');
  assert.equal(recent.find('a.ts', { prefix: 'const a = ', suffix: '\n' }), 'b + c;');
  assert.equal(recent.find('a.ts', { prefix: 'const a = b +', suffix: '\n' }), ' c;');
  assert.equal(recent.find('a.ts', { prefix: 'const a = x', suffix: '\n' }), undefined);
  assert.equal(recent.find('a.ts', { prefix: 'const a = b + c;', suffix: '\n' }), undefined);
  assert.equal(recent.find('a.ts', { prefix: 'const a = ', suffix: ')\n' }), undefined);
  assert.equal(recent.find('b.ts', { prefix: 'const a = ', suffix: '\n' }), undefined);
});

test('the newest suggestion wins and old ones are forgotten', () => {
  const recent = createRecent();
  const gap = { prefix: 'a', suffix: '' };
  recent.keep('a.ts', gap, 'one');
  recent.keep('a.ts', gap, 'two');
  assert.equal(recent.find('a.ts', gap), 'two');
  for (let at = 0; at < 64; at++) recent.keep(`${at}.ts`, gap, 'other');
  assert.equal(recent.find('a.ts', gap), undefined);
});
