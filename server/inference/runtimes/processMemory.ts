import { readFileSync } from 'node:fs';

export interface ProcessMemory {
  /** Bytes of it that are in memory. */
  resident: number;
  /** Those of them that belong to files; Linux counts these as free, since it could read them again. */
  mapped: number;
}

/** What a process takes, from proc(5); null where the system does not tell, or the process is gone. */
export function readProcessMemory(pid: number): ProcessMemory | null {
  if (process.platform !== 'linux') return null;
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { resident: bytesOf(text, 'VmRSS'), mapped: bytesOf(text, 'RssFile') };
  } catch {
    return null;
  }
}

const bytesOf = (text: string, field: string): number => Number(text.match(`${field}:\\s*(\\d+) kB`)?.[1] ?? 0) * 1024;
