import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Report, round } from '../../../scripts/measure.ts';

const PROGRAM = fileURLToPath(new URL('syncing.ts', import.meta.url));
/** As many as callers at once in the rates. */
const TIMES = 64;

/** How often each operation waits for the disk, as the kernel sees it. Says so where `strace` is missing or may not trace. */
export function measureSyncs(report: Report, folder: string): void {
  const probe = spawnSync('strace', ['-c', '-o', join(folder, 'probe'), process.execPath, '-e', '0'], {
    stdio: 'ignore',
  });
  if (probe.status !== 0) {
    process.stderr.write('syncs per operation: not measured, since strace is not there or may not trace\n');
    return;
  }
  for (const synchronous of ['FULL', 'NORMAL'] as const) {
    const count = (what: string, times: number) => syncsOf({ folder, synchronous, what, times });
    const none = count('enqueue', 0);
    const enqueued = count('enqueue', TIMES);
    const each = (calls: number) => round(calls / TIMES);
    const tell = (what: string, calls: number) =>
      report({ measure: `syncs per ${what}, ${synchronous}`, value: each(calls), unit: 'calls' });
    tell('enqueue, one at a time', enqueued - none);
    tell(`enqueue, ${TIMES} at once`, count('enqueueAtOnce', TIMES) - none);
    tell('claim and complete, two calls', count('finish', TIMES) - enqueued);
    tell('claim and complete, as a worker', count('work', TIMES) - enqueued);
  }
}

function syncsOf(how: { folder: string; synchronous: string; what: string; times: number }): number {
  const { folder, synchronous, what, times } = how;
  const name = `${synchronous}-${what}-${times}`;
  const table = join(folder, `${name}.strace`);
  const program = [process.execPath, PROGRAM, join(folder, `${name}.db`), synchronous, what, String(times)];
  const { signal } = spawnSync('strace', ['-f', '-c', '-o', table, '-e', 'trace=fdatasync,fsync', ...program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // It ends itself when it is through, and strace ends as what it traces does.
  if (signal !== 'SIGKILL') throw new Error(`the program of ${name} failed`);
  // Lines of `% time, seconds, usecs/call, calls, [errors], syscall`.
  const calls = readFileSync(table, 'utf8').matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s.*\b(?:fdatasync|fsync)$/gm);
  return [...calls].reduce((sum, [, count]) => sum + Number(count), 0);
}
