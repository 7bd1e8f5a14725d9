import { deepEqual } from 'node:assert/strict';
import { it } from 'node:test';
import type { ModelReading } from '../../../../protocol/readings.ts';
import { readingLines } from '../../../../webview/pages/models/readingLines.ts';

const SPAN = 5000;
const reading = (span: number, model: string, written: number, memoryBytes: number | null): ModelReading => ({
  ...{ at: span * SPAN, model, written, read: 0, memoryBytes },
});
const state = (...readings: ModelReading[]) => ({ readings, spanMs: SPAN, now: 10 * SPAN + 100, error: undefined });

it('draws a line a model, with a gap where it was not loaded', () => {
  const all = state(
    reading(6, 'a', 50, 100),
    reading(8, 'a', 25, 200),
    reading(8, 'b', 10, null),
    reading(10, 'a', 5, 300),
  );
  const { times, lines } = readingLines(all, 'rate', 4 * SPAN);
  deepEqual(
    times,
    [6, 7, 8, 9].map((span) => span * SPAN),
    'the span that is not over is left out',
  );
  deepEqual(lines, [
    { name: 'a', values: [10, null, 5, null] },
    { name: 'b', values: [null, null, 2, null] },
  ]);
  deepEqual(
    readingLines(all, 'memory', 2 * SPAN).lines.map(({ values }) => values),
    [
      [200, null],
      [null, null],
    ],
  );
});

it('draws nothing before the first answer', () =>
  deepEqual(readingLines({ readings: [], spanMs: 0, now: 0, error: undefined }, 'rate', 60_000), {
    times: [],
    lines: [],
  }));
