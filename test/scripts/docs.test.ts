import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { pages } from '../../scripts/docs/pages.ts';
import { inRepository } from '../../scripts/paths.ts';

describe('npm run docs', () => {
  for (const [file, make] of Object.entries(pages))
    it(`${file} says what the program is`, () => {
      const now = readFileSync(inRepository(file), 'utf8');
      assert.ok(make(now) === now, `${file} is stale: npm run docs`);
    });
});
