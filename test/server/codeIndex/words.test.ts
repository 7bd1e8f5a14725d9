import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchOf, wordsOf } from '../../../server/codeIndex/words.ts';

test('a name is found whole and by its parts', () => {
  assert.deepEqual(wordsOf('parseHTTPRequest'), ['parsehttprequest', 'parse', 'http', 'request']);
  assert.deepEqual(wordsOf('MAX_ITEMS = 30;'), ['maxitems', 'max', 'items']);
  assert.deepEqual(wordsOf('x2Value a 42'), ['x2value', 'value']);
  assert.deepEqual(wordsOf('größeÄndern'), ['größeändern', 'größe', 'ändern']);
  assert.deepEqual(wordsOf('word'), ['word']);
});

test('a query is data, whatever a person types', () => {
  assert.equal(matchOf('retry NOT near("x")'), '"retry" OR "not" OR "near"*');
  assert.equal(matchOf('" OR 1=1 --'), '"or"');
  assert.equal(matchOf('?! 42'), undefined);
});
