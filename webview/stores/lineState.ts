import { useCallback, useSyncExternalStore } from 'react';
import type { LineState } from '../line/line.ts';
import { useHub } from './hub.ts';

/** How the connection is now. */
export function useLineState(): LineState {
  const { line } = useHub();
  const subscribe = useCallback((listener: () => void) => line.onDidChangeState(listener), [line]);
  return useSyncExternalStore(subscribe, () => line.state);
}
