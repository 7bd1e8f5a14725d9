/**
 * Writes the card of a model file: what it is, its digest, and what it reached.
 *
 * usage: node card.ts canary.gguf training.json results.json canary.json [YYYY-MM-DD]
 */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const [model, training, results, target, day] = process.argv.slice(2);
if (!model || !training || !results || !target)
  throw new Error('usage: node card.ts canary.gguf training.json results.json canary.json');

const bytes = readFileSync(model);
const card = {
  file: basename(model),
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
  ...(JSON.parse(readFileSync(training, 'utf8')) as Record<string, number>),
  trained: day ?? new Date().toISOString().slice(0, 10),
  /** Whole held-out conversations that came out right, of how many. */
  results: JSON.parse(readFileSync(results, 'utf8')) as Record<string, [number, number]>,
};
writeFileSync(target, `${JSON.stringify(card, null, 2)}\n`);
console.log(card.sha256, card.bytes);
