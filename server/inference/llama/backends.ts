import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** The packages that node-llama-cpp looks for its binaries in. */
const BACKEND = /^@node-llama-cpp\/[a-z0-9-]+$/;

const Manifest = z.object({ version: z.string() });

/**
 * Leads the imports of node-llama-cpp's binaries to `folder/node_modules/@node-llama-cpp`, as far as there are packages of
 * this version there; the others are found as always. Until the returned function is called.
 */
export function useBackends(
  folder: string,
  version: string,
  onNote: (sentence: string) => void,
  // Since Node 22.15; an older Electron may have none.
  registerHooks: typeof module.registerHooks | null = module.registerHooks ?? null,
): () => void {
  if (registerHooks === null) {
    onNote(`${folder} is not used: Node ${process.versions.node} cannot be told where to look for packages.`);
    return () => {};
  }
  // Node looks for packages beside whoever imports them.
  const parentURL = pathToFileURL(join(folder, 'importer.js')).href;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (!BACKEND.test(specifier)) return next(specifier, context);
      const found = versionOf(join(folder, 'node_modules', specifier));
      if (found === version) return next(specifier, { ...context, parentURL });
      if (found !== null)
        onNote(`${specifier} in ${folder} is not used: it is of version ${found}, and ${version} is needed.`);
      return next(specifier, context);
    },
  });
  return () => hooks.deregister();
}

/** Null where there is no package. */
function versionOf(packageFolder: string): string | null {
  try {
    return Manifest.parse(JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))).version;
  } catch {
    return existsSync(packageFolder) ? 'unknown' : null;
  }
}
