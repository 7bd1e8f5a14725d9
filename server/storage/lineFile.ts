import { open } from 'node:fs/promises';
import { writeNew } from './newFile.ts';

/** Characters that are written at once. */
const CHUNK = 1 << 20;

/** Writes values as lines of JSON into a new file, in plain text; other work goes on between the pieces. Throws as `writeNew`. */
export async function writeLines(path: string, values: Iterable<unknown>): Promise<{ path: string; bytes: number }> {
  return writeNew(path, async (fresh) => {
    const file = await open(fresh, 'r+');
    try {
      let text = '';
      for (const value of values) {
        text += `${JSON.stringify(value)}\n`;
        if (text.length < CHUNK) continue;
        await file.appendFile(text);
        text = '';
      }
      await file.appendFile(text);
    } finally {
      await file.close();
    }
    return {};
  });
}
