import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Permissions {
  files: number;
  folders: number;
  /** What others than the owner may read, write or enter, or that somebody else owns. */
  open: { path: string; mode: string }[];
}

/** Every file below a folder has to be 0600 or less, every folder 0700 or less, and all of them ours. */
export function checkPermissions(roots: readonly string[], uid: number): Permissions {
  const checked: Permissions = { files: 0, folders: 0, open: [] };
  const look = (path: string) => {
    const { mode, uid: owner, ...stat } = statOf(path);
    if (stat.isLink) return;
    if ((mode & 0o077) !== 0 || owner !== uid) checked.open.push({ path, mode: (mode & 0o777).toString(8) });
    if (!stat.isFolder) {
      checked.files += 1;
      return;
    }
    checked.folders += 1;
    for (const name of readdirSync(path)) look(join(path, name));
  };
  for (const root of roots) look(root);
  return checked;
}

function statOf(path: string) {
  const stat = lstatSync(path);
  return { mode: stat.mode, uid: stat.uid, isFolder: stat.isDirectory(), isLink: stat.isSymbolicLink() };
}
