import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Sample {
  /** Milliseconds since the beginning. */
  at: number;
  /** Of the resident memory. */
  bytes: number;
}

/** Bytes of a process that are in memory. */
export function residentBytes(pid: number): number {
  if (process.platform === 'linux') {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) * 1024;
  }
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout) * 1024;
}

/** The least of each window: what lies above it is garbage that nobody has collected yet. */
export function floorOf(samples: readonly Sample[], windowMs: number): Sample[] {
  const windows = Map.groupBy(samples, ({ at }) => Math.floor(at / windowMs));
  return [...windows.values()].map((inside) => inside.reduce((low, one) => (one.bytes < low.bytes ? one : low)));
}

/** The line of least squares through samples, as bytes a minute. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const at = mean((sample) => sample.at);
  const bytes = mean((sample) => sample.bytes);
  const above = samples.reduce((sum, sample) => sum + (sample.at - at) * (sample.bytes - bytes), 0);
  const below = samples.reduce((sum, sample) => sum + (sample.at - at) ** 2, 0);
  return (above / below) * 60_000;
}
