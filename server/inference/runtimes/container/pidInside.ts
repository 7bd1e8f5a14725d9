import { readFileSync } from 'node:fs';

/**
 * The worker's process in a container, given that of its init program as the engine counts: its only child. Null where this
 * machine does not see it: the engine may run in a machine of its own, or this server in a container.
 */
export function workerPid(init: number, containerId: string): number | null {
  if (init <= 0 || process.platform !== 'linux') return null;
  try {
    // The number may be that of another process here.
    if (!readFileSync(`/proc/${init}/cgroup`, 'utf8').includes(containerId)) return null;
    const [child = ''] = readFileSync(`/proc/${init}/task/${init}/children`, 'utf8').trim().split(' ');
    return /^\d+$/.test(child) ? Number(child) : null;
  } catch {
    return null;
  }
}
