import type { Handlers } from '../dispatch.ts';
import { type Readings, SPAN_MS } from '../inference/readings.ts';

interface ReadingDeps {
  readings: Pick<Readings, 'since'>;
  now: () => number;
}

export const createReadingHandlers = ({ readings, now }: ReadingDeps): Pick<Handlers, 'model/readings'> => ({
  'model/readings': ({ since }) => ({ spanMs: SPAN_MS, now: now(), readings: readings.since(since) }),
});
