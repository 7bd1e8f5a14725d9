/** One line of a bench's output. `vs` names what `ratio` compares with, measured in the same interleaved run. */
export interface Measure {
  bench: string;
  measure: string;
  value: number;
  unit: string;
  vs?: string;
  ratio?: number;
  goal?: string;
  met?: boolean;
}

export type Report = (measure: Omit<Measure, 'bench'>) => void;

/** A bench: measures and reports; throws when it cannot measure. `args`: options of its own. */
export type Bench = (report: Report, args: readonly string[]) => Promise<void>;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
};

/** Runs the ways in turn, A B A B …, so that a machine whose speed drifts treats them alike; returns each way's values. */
export async function interleave<K extends string>(
  rounds: number,
  ways: Record<K, () => Promise<number>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(ways) as K[];
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, number[]>;
  for (let round = 0; round < rounds; round++) for (const name of names) values[name].push(await ways[name]());
  return values;
}

/** Milliseconds that something takes. */
export async function timed(run: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** A `goal` of the form `>= 0.95` or `<= 4000`, held against a value. */
export function against(goal: `${'>=' | '<='} ${number}`, value: number): { goal: string; met: boolean } {
  const [sign, limit] = goal.split(' ');
  return { goal, met: sign === '>=' ? value >= Number(limit) : value <= Number(limit) };
}
