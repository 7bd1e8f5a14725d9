import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file of a folder, by its path below it with `/`. */
export async function textsIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map(async (path) => {
    const name = path.slice(folder.length + 1).replaceAll('\\', '/');
    return [name, await readFile(path, 'utf8')] as const;
  });
  return new Map(await Promise.all(texts));
}
