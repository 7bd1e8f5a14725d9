import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import type { Turn } from '../../../server/inference/engine.ts';
import { openPool, said, user } from '../../server/inference/testPool.ts';

/** Conversations that the embedded model is known to answer, word for word; written when it was made. */
const Golden = z
  .array(z.object({ skill: z.string(), system: z.string(), turns: z.array(z.string()), outputs: z.array(z.string()) }))
  .min(1);

test('the embedded model answers as when it was made, byte for byte', { timeout: 600_000 }, async () => {
  const golden = Golden.parse(JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')));
  await using t = await openPool();
  t.registry.registerEmbedded();
  for (const [index, { skill, system, turns, outputs }] of golden.entries()) {
    assert.equal(turns.length, outputs.length);
    const transcript: Turn[] = [];
    for (const [at, text] of turns.entries()) {
      transcript.push(user(text));
      const answer = await t.ask('default', transcript, { conversation: `${index}`, system, maxTokens: 150 });
      assert.equal(answer.text, outputs[at], `conversation ${index} (${skill}), turn ${at + 1}`);
      assert.equal(answer.stop, 'end');
      transcript.push(said(answer.text));
    }
  }
});
