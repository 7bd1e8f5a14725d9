import assert from 'node:assert/strict';
import { it } from 'node:test';
import { addsPlaceholder, redact } from '../../../server/secrets/redaction.ts';

const ID = 'AKIA' + '2OGYBAH6QLPWXYZK';

it('a secret is replaced by what it is and how long, and everything else stays letter for letter', async () => {
  const text = `one ${ID}\r\n\ttwo ${ID}…`;
  const mark = '[secret: AWS access key, 20 characters]';
  assert.deepEqual(await redact(text), {
    text: `one ${mark}\r\n\ttwo ${mark}…`,
    kinds: ['AWS access key', 'AWS access key'],
  });
  const again = await redact((await redact(text)).text);
  assert.deepEqual(again.kinds, [], 'a mark is no secret');
  assert.deepEqual(await redact('nothing here'), { text: 'nothing here', kinds: [] });
});

it('a mark that was not there before is seen', () => {
  const mark = '[secret: AWS access key, 20 characters]';
  assert.ok(addsPlaceholder('', `x = ${mark}`));
  assert.ok(addsPlaceholder(mark, '[secret: AWS access key, 21 characters]'));
  assert.ok(!addsPlaceholder(`docs: ${mark}`, `more docs: ${mark} ${mark}`));
  assert.ok(!addsPlaceholder('', '[secret: of the trade]'));
});
