import { useCallback, useSyncExternalStore } from 'react';
import type { OfflineState } from '../offline/offline.ts';
import { useHub } from './hub.ts';

/** What the browser keeps; undefined where it keeps nothing. */
export function useOffline(): OfflineState | undefined {
  const { offline } = useHub();
  const subscribe = useCallback((listener: () => void) => offline?.onDidChange(listener) ?? (() => {}), [offline]);
  return useSyncExternalStore(subscribe, () => offline?.state);
}
