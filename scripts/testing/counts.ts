/** What a phase of `npm test` came to. */
export interface Counts {
  passed: number;
  failed: number;
  /** Names with their reasons: a test that did not run is never passed over in silence. */
  skipped: string[];
}

export const noCounts = (): Counts => ({ passed: 0, failed: 0, skipped: [] });

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
  };
}

/** The line in which test/support/vscode/inHost.ts sums up mocha's run; undefined when it never came so far. */
export function specCounts(output: string): Counts | undefined {
  const found = /^specs: (\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/m.exec(output);
  if (!found) return undefined;
  const [passed, failed, skipped] = found.slice(1).map((digits) => Number(digits ?? 0));
  const counts = { passed: passed ?? 0, failed: failed ?? 0, skipped: [] };
  return skipped ? { ...counts, skipped: [`${skipped} specs in VS Code`] } : counts;
}
