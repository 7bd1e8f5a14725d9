import { readdirSync, readFileSync } from 'node:fs';

export interface Processes {
  /** Process ids, ours and what they started. */
  examined: number;
  /** Which secret is where: `the API's token in the arguments of process 7`. */
  leaks: string[];
}

/**
 * Looks for secrets in what other users of the machine may see of a process, and in its environment; of these processes and all below
 * them. Linux: proc(5). Null elsewhere.
 */
export function checkProcesses(roots: readonly number[], secrets: Readonly<Record<string, string>>): Processes | null {
  if (process.platform !== 'linux') return null;
  const parents = parentsOfAll();
  const ours = new Set(roots);
  for (let before = -1; before !== ours.size; ) {
    before = ours.size;
    for (const [pid, parent] of parents) if (ours.has(parent)) ours.add(pid);
  }
  const leaks: string[] = [];
  for (const pid of ours)
    for (const [place, file] of [
      ['arguments', 'cmdline'],
      ['environment', 'environ'],
    ] as const) {
      const text = read(`/proc/${pid}/${file}`);
      for (const [name, secret] of Object.entries(secrets))
        if (text.includes(secret)) leaks.push(`${name} in the ${place} of process ${pid}`);
    }
  return { examined: ours.size, leaks };
}

function parentsOfAll(): Map<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  // The name, in brackets, may hold anything; the parent is the second field behind it.
  return new Map(pids.map((pid) => [Number(pid), Number(/\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1])]));
}

/** One that has ended meanwhile, or that is not ours, says nothing. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
