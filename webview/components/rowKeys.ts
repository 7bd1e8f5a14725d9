export interface Rows {
  readonly current: number;
  readonly count: number;
  /** Rows in sight, less one that stays. */
  readonly page: number;
}

/** The row that a key leads to; undefined for keys that do not move. */
export function rowAfterKey(key: string, { current, count, page }: Rows): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined || count === 0) return undefined;
  return Math.max(0, Math.min(count - 1, current + step));
}
