import { readFileSync, statSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { z } from 'zod';

/** What the embedded model says of itself in the JSON file beside it, if there is one. */
const Card = z.object({ version: z.string().default('1.0.0') });

export function readCard(path: string): z.output<typeof Card> {
  const file = join(dirname(path), `${parse(path).name}.json`);
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return Card.parse({});
  return Card.parse(JSON.parse(readFileSync(file, 'utf8')));
}
