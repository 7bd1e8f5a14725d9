import type { PlotData } from '../../components/plot.ts';
import type { ReadingsState } from '../../stores/readings.ts';

/** What of a reading is drawn. */
export type Quantity = 'rate' | 'memory';

/**
 * A line for each model over the last `lastMs` milliseconds: tokens a second, or bytes. A span in which a model was not loaded
 * is a gap; one that is not over is left out, since it would look as if the model became slow.
 */
export function readingLines({ readings, spanMs, now }: ReadingsState, quantity: Quantity, lastMs: number): PlotData {
  if (spanMs === 0) return { times: [], lines: [] };
  const end = Math.floor(now / spanMs) * spanMs;
  const begin = end - Math.floor(lastMs / spanMs) * spanMs;
  const times = Array.from({ length: (end - begin) / spanMs }, (_, index) => begin + index * spanMs);
  const lines = new Map<string, (number | null)[]>();
  for (const { at, model, written, memoryBytes } of readings) {
    const index = (at - begin) / spanMs;
    if (index < 0 || index >= times.length) continue;
    const line = lines.get(model) ?? new Array<number | null>(times.length).fill(null);
    line[index] = quantity === 'rate' ? (written * 1000) / spanMs : memoryBytes;
    lines.set(model, line);
  }
  return { times, lines: [...lines].map(([name, values]) => ({ name, values })) };
}
