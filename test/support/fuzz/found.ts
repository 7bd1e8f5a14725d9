import { test } from 'node:test';
import { answered } from './batch.ts';
import { targetNamed } from './targets.ts';

/** Something that fuzzing found, as a test: `npm run fuzz` prints this line. `OspainError`s are answers, as there. */
export const found = (name: string, what: string, input: unknown): void =>
  void test(`${name}: ${what}`, async () => {
    const target = await targetNamed(name);
    const session = await target.open();
    try {
      await answered(() => session.run(input));
    } finally {
      await session.close?.();
    }
  });
