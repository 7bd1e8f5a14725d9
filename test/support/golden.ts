import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `OSPAIN2_GOLDEN=rewrite npm test …` writes what is there now; what changed is then to be read in the diff. */
const isRewriting = process.env['OSPAIN2_GOLDEN'] === 'rewrite';

/** Compares a text with what a person has read and found right. */
export function assertGolden(text: string, file: URL): void {
  const path = fileURLToPath(file);
  if (isRewriting) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  assert.ok(existsSync(path), `${path} is missing: OSPAIN2_GOLDEN=rewrite writes it`);
  assert.equal(text, readFileSync(path, 'utf8'), `${path}: OSPAIN2_GOLDEN=rewrite takes what is there now`);
}
