/** What clients were told, held against what the server has afterwards. */
export interface Tally {
  /** Milliseconds that each answered request took. */
  readonly times: number[];
  /** Ids of the tasks that the server acknowledged. */
  readonly acknowledged: Set<string>;
  /** What went wrong, each in a few words. */
  readonly faults: string[];
}

export const createTally = (): Tally => ({ times: [], acknowledged: new Set(), faults: [] });

/** Runs one request and keeps how long it took. */
export async function clocked<T>(tally: Tally, request: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const answer = await request();
  tally.times.push(performance.now() - began);
  return answer;
}

/** The value below which `part` of them lie (nearest rank). */
export function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
