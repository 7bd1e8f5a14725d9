/** Where things lie in the repository. */
import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '..');
export const inRepository = (...parts: string[]): string => path.join(repository, ...parts);

/** Bundles of this platform; other targets are built in the cache folder, next to what they ship with. */
export const distFolder = inRepository('dist');
export const cacheFolder = inRepository('.cache');
