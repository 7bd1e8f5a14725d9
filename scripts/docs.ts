/** npm run docs: writes the pages and parts of docs/ that are made of the program. A test fails while they are stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pages } from './docs/pages.ts';
import { inRepository } from './paths.ts';

for (const [file, make] of Object.entries(pages)) {
  const path = inRepository(file);
  const now = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const wanted = make(now);
  if (now === wanted) continue;
  writeFileSync(path, wanted);
  process.stdout.write(`${file} is written\n`);
}
