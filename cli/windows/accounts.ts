import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the keyring may know of us: keys of workspaces and of the models, and the root secret that `keys.json` names. */
export function accountsOf(root: string): string[] {
  const workspaces = join(root, 'workspaces');
  const ids = existsSync(workspaces) ? readdirSync(workspaces) : [];
  const file = join(root, 'keys.json');
  const name = existsSync(file) ? /"name"\s*:\s*"([0-9a-f]+)"/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return [...ids, 'models', ...(name === undefined ? [] : [`root-${name}`])];
}
