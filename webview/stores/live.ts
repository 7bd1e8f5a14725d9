import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../protocol/client.ts';
import type { Line } from '../line/line.ts';
import { useHub } from './hub.ts';

/** What a page shows of the server, as it was last heard. */
export interface Live<T> {
  readonly value: T | undefined;
  readonly loading: boolean;
  /** Why it could not be asked for last; what was known before stays. */
  readonly error: unknown;
}

/** Where it comes from. */
export interface LiveSource<T> {
  load(client: Client): Promise<T>;
  /** Hears what changes it, by the server's own messages, until the returned function is called. */
  follow?(client: Client, change: (update: (value: T) => T) => void): () => void;
}

export interface LiveStore<T> extends StoreApi<Live<T>> {
  /** Asks for it, now and whenever the line was away, until the returned function is called. */
  start(): () => void;
  reload(): void;
}

export interface LiveDeps<T> {
  readonly client: Client;
  readonly line: Pick<Line, 'onDidChangeState'>;
  readonly source: LiveSource<T>;
}

export function createLiveStore<T>({ client, line, source }: LiveDeps<T>): LiveStore<T> {
  const store = createStore<Live<T>>(() => ({ value: undefined, loading: true, error: undefined }));
  /** Grows with each time that it is asked for: an earlier answer is not taken. */
  let era = 0;
  let changed = false;

  const reload = async (): Promise<void> => {
    era += 1;
    const mine = era;
    changed = false;
    store.setState({ loading: true });
    try {
      const value = await source.load(client);
      if (mine !== era) return;
      store.setState({ value, loading: changed, error: undefined });
      // The answer may have been on its way already.
      if (changed) await reload();
    } catch (error) {
      if (mine === era) store.setState({ loading: false, error });
    }
  };
  const change = (update: (value: T) => T) => {
    changed = true;
    const { value } = store.getState();
    if (value !== undefined) store.setState({ value: update(value) });
  };

  return {
    ...store,
    reload: () => void reload(),
    start() {
      let isAway = false;
      const stopLine = line.onDidChangeState(({ name }) => {
        if (name === 'open' && isAway) void reload();
        if (name !== 'opening') isAway = name !== 'open';
      });
      const stopFollowing = source.follow?.(client, change);
      void reload();
      return () => {
        era += 1;
        stopLine();
        stopFollowing?.();
      };
    },
  };
}

/** The same while a component is shown. `source` is made once for what it is about; another `version` asks for it again. */
export function useLive<T>(source: LiveSource<T>, version = ''): Live<T> & Pick<LiveStore<T>, 'reload'> {
  const { client, line } = useHub();
  const store = useMemo(() => createLiveStore({ client, line, source }), [client, line, source]);
  useEffect(() => store.start(), [store]);
  const asked = useRef(version);
  useEffect(() => {
    if (asked.current !== version) store.reload();
    asked.current = version;
  }, [store, version]);
  return { ...useStore(store), reload: store.reload };
}
