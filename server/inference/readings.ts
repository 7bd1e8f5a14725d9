import type { ModelReading, ServerStatus, Usage } from '../../protocol/index.ts';
import { type After, after as realAfter } from '../timer.ts';

/** One answer while it is made. Without an end it stays counted by its pieces. */
export interface AnswerReading {
  /** A piece of its text came: a token, or a few of them. */
  piece(): void;
  end(usage: Usage): void;
}

/** What each model did, span by span, for as long as `KEPT_MS`. */
export interface Readings {
  /** Somebody asked a model, by `name@version`. */
  answer(model: string): AnswerReading;
  /** Those of spans that begin then or later, oldest first. Unix milliseconds. */
  since(at: number): ModelReading[];
  start(): void;
  stop(): void;
}

export interface ReadingsDeps {
  workers(): readonly Pick<ServerStatus['workers'][number], 'model' | 'version' | 'memoryBytes'>[];
  now: () => number;
  after?: After;
}

/** Milliseconds. */
export const SPAN_MS = 5000;
const KEPT_MS = 2 * 3_600_000;

export function createReadings({ workers, now, after = realAfter }: ReadingsDeps): Readings {
  /** By their beginning; in the order in which they came, which is that of time but for what an answer's end adds. */
  const spans = new Map<number, Map<string, ModelReading>>();
  let cancel: (() => void) | undefined;

  const spanOf = (at: number): number => Math.floor(at / SPAN_MS) * SPAN_MS;

  const readingAt = (span: number, model: string): ModelReading => {
    const known = spans.get(span) ?? new Map<string, ModelReading>();
    const reading = known.get(model) ?? { at: span, model, written: 0, read: 0, memoryBytes: null };
    known.set(model, reading);
    spans.set(span, known);
    return reading;
  };

  /** Gives each span its part of what went on between two moments. */
  const spread = (from: number, to: number, add: (span: number, part: number) => void) => {
    if (to - from <= 0) return add(spanOf(to), 1);
    for (let span = spanOf(from); span < to; span += SPAN_MS)
      add(span, (Math.min(to, span + SPAN_MS) - Math.max(from, span)) / (to - from));
  };

  const forget = () => {
    const oldest = spanOf(now() - KEPT_MS);
    for (const span of spans.keys()) if (span < oldest) spans.delete(span);
  };

  const look = () => {
    forget();
    for (const { model, version, memoryBytes } of workers())
      readingAt(spanOf(now()), `${model}@${version}`).memoryBytes = memoryBytes;
    cancel = after(SPAN_MS, look);
  };

  return {
    answer(model) {
      const pieces = new Map<number, number>();
      return {
        piece() {
          const span = spanOf(now());
          pieces.set(span, (pieces.get(span) ?? 0) + 1);
          readingAt(span, model).written += 1;
        },
        end({ promptTokens, cachedTokens, generatedTokens, firstTokenMs, durationMs }) {
          const end = now();
          const first = end - durationMs + firstTokenMs;
          spread(end - durationMs, first, (span, part) => {
            readingAt(span, model).read += (promptTokens - cachedTokens) * part;
          });
          const said = [...pieces.values()].reduce((sum, count) => sum + count, 0);
          if (said === 0)
            spread(first, end, (span, part) => {
              readingAt(span, model).written += generatedTokens * part;
            });
          // When its tokens were made is known by its pieces, and how many there were only now.
          for (const [span, count] of pieces) readingAt(span, model).written += count * (generatedTokens / said - 1);
        },
      };
    },
    since: (at) =>
      [...spans.values()]
        .flatMap((models) => [...models.values()])
        .filter((reading) => reading.at >= at)
        .toSorted((one, other) => one.at - other.at),
    start() {
      cancel ??= after(SPAN_MS, look);
    },
    stop: () => cancel?.(),
  };
}
