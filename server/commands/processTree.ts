import { readdirSync, readFileSync } from 'node:fs';

/** A process and all below it, as Linux tells; empty when it is gone. */
export function processTree(pid: number): number[] {
  const below = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(name);
    if (parent === undefined) continue;
    const siblings = below.get(parent);
    if (siblings) siblings.push(Number(name));
    else below.set(parent, [Number(name)]);
  }
  const tree = parentOf(String(pid)) === undefined ? [] : [pid];
  for (const one of tree) tree.push(...(below.get(one) ?? []));
  return tree;
}

/** From proc(5): the name, in parentheses, may hold anything. */
function parentOf(pid: string): number | undefined {
  const text = readProc(`${pid}/stat`);
  const parent = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  return text === '' ? undefined : parent;
}

/** Bytes of a process that are in memory and belong to no file; what processes share counts for each of them. */
export function ownMemory(pid: number): number {
  const text = readProc(`${pid}/status`);
  const bytes = (field: string): number => Number(text.match(`${field}:\\s*(\\d+) kB`)?.[1] ?? 0) * 1024;
  return bytes('RssAnon') + bytes('RssShmem');
}

function readProc(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

/** Processes with this `NAME=value` in the environment that they were started with. */
export function markedProcesses(mark: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => readProc(`${pid}/environ`).split('\0').includes(mark)).map(Number);
}
