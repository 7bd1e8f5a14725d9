export interface Progress {
  /** Bytes that are on the disk. */
  received: number;
  /** Bytes of the whole file, where that is known. */
  total: number | undefined;
  /** Over the last seconds; what was there at the start does not count. */
  bytesPerSecond: number;
  etaMs: number | undefined;
}

/** Milliseconds that the speed is an average of, and between two reports. */
const WINDOW = 5_000;
const EVERY = 100;

/** Turns positions into reports, at most ten a second and one at the end. */
export function createMeter(now: () => number, report: (progress: Progress) => void) {
  let samples: { at: number; received: number }[] = [];
  let reported = Number.NEGATIVE_INFINITY;

  const tell = (received: number, total: number | undefined) => {
    const at = now();
    samples.push({ at, received });
    // The newest sample that is older than the window is where the window begins.
    const begin = samples.findLastIndex((sample) => sample.at <= at - WINDOW);
    if (begin > 0) samples = samples.slice(begin);
    const [first = { at, received }] = samples;
    const elapsed = at - first.at;
    const bytesPerSecond = elapsed > 0 ? Math.round(((received - first.received) * 1000) / elapsed) : 0;
    const etaMs =
      total !== undefined && bytesPerSecond > 0 ? Math.round(((total - received) * 1000) / bytesPerSecond) : undefined;
    reported = at;
    report({ received, total, bytesPerSecond, etaMs });
  };

  return {
    /** Where counting begins, again after a change of position that no transfer made. */
    begin(received: number, total: number | undefined) {
      samples = [];
      tell(received, total);
    },
    update(received: number, total: number | undefined) {
      if (now() - reported >= EVERY) tell(received, total);
    },
    end: tell,
  };
}
