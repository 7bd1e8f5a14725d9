import { codeOf } from './storageErrors.ts';

/**
 * Whether the server that holds a lease may still be at work. An owner is `<pid>:<uuid>`; one with our own pid that is
 * not us is a server that ended before this process got its number, as is usual in containers.
 */
export function ownerAlive(owner: string, self: string): boolean {
  if (owner === self) return true;
  const pid = Number.parseInt(owner, 10);
  // Not an owner that this version wrote: its lease will tell.
  if (!Number.isInteger(pid) || pid <= 0) return true;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it is there and belongs to somebody else.
    return codeOf(thrown) !== 'ESRCH';
  }
}
