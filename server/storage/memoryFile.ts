import { closeSync, constants, openSync, statfsSync } from 'node:fs';

/** The file system of Linux that is in memory: `TMPFS_MAGIC` of statfs(2). */
const TMPFS = 0x01021994;
/** Makes a file that never has a name, in the folder that is opened: open(2). The constant is that of all but a few old processors. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/**
 * Opens an empty file that is only in memory and has no name, so it is gone with the last process that has it open, however
 * that ends. Its pages may be swapped, as all memory may. Null where the system has no such thing: on Windows and macOS
 * every file lies on a disk.
 */
export function openMemoryFile(folder = '/dev/shm', platform = process.platform): number | null {
  if (platform !== 'linux') return null;
  try {
    const file = openSync(folder, O_TMPFILE | constants.O_RDWR, 0o600);
    // What was opened tells, not the folder's name: anything may be mounted there.
    if (statfsSync(`/proc/self/fd/${file}`).type === TMPFS) return file;
    closeSync(file);
  } catch {
    // There is no such folder, or it holds no files without a name.
  }
  return null;
}
