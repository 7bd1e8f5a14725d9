import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../protocol/client.ts';
import type { ModelReading } from '../../protocol/readings.ts';
import { useHub } from './hub.ts';

/** What models did lately, as far as it is known. */
export interface ReadingsState {
  /** Oldest first. */
  readonly readings: readonly ModelReading[];
  /** Milliseconds of each, and the server's clock at the last answer; 0 before it. */
  readonly spanMs: number;
  readonly now: number;
  readonly error: unknown;
}

export interface ReadingsStore extends StoreApi<ReadingsState> {
  /** Asks again and again until the returned function is called. */
  start(): () => void;
}

export interface ReadingsDeps {
  readonly client: Client;
  /** Calls back every `ms` milliseconds, while somebody looks; the returned function calls it off. */
  readonly every: (ms: number, callback: () => void) => () => void;
}

/** How often to ask, what may still change by the end of a long answer, and how long it is of interest. Milliseconds. */
const EVERY = 5000;
const UNSURE = 10 * 60_000;
const KEPT = 2 * 3_600_000;

export function createReadingsStore({ client, every }: ReadingsDeps): ReadingsStore {
  const store = createStore<ReadingsState>(() => ({ readings: [], spanMs: 0, now: 0, error: undefined }));
  let isAsking = false;

  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    const { now } = store.getState();
    try {
      const answer = await client.request('model/readings', { since: Math.max(0, now - UNSURE) });
      // Its clock was set back, so that what was asked for is not what is wanted.
      if (answer.now < now) return store.setState({ readings: [], now: 0 });
      const from = Math.max(0, now - UNSURE);
      const before = store.getState().readings.filter(({ at }) => at < from && at >= answer.now - KEPT);
      store.setState({ ...answer, readings: [...before, ...answer.readings], error: undefined });
    } catch (error) {
      store.setState({ error });
    } finally {
      isAsking = false;
    }
  };

  return {
    ...store,
    start() {
      void ask();
      return every(EVERY, () => void ask());
    },
  };
}

/** The same while a component is shown. */
export function useReadings(): ReadingsState {
  const { client } = useHub();
  const store = useMemo(() => createReadingsStore({ client, every: whileVisible }), [client]);
  useEffect(() => store.start(), [store]);
  return useStore(store);
}

function whileVisible(ms: number, callback: () => void): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') callback();
  }, ms);
  return () => clearInterval(timer);
}
