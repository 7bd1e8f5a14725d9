import { createContext, useContext, useRef, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Client } from '../../protocol/client.ts';
import type { Item } from '../../protocol/items.ts';
import type { SuggestionSubject } from '../../protocol/suggestions.ts';
import type { Task } from '../../protocol/tasks.ts';
import type { Home } from '../home/home.ts';
import type { Line } from '../line/line.ts';
import type { Offline } from '../offline/offline.ts';
import type { ItemsState, ItemsStore } from './items.ts';
import type { DraftState, NoteDraft } from './noteDraft.ts';
import type { NotesState, NotesStore } from './notes.ts';
import type { PlaceStore } from './place.ts';
import { type SuggestionGroup, type SuggestionsStore, subjectKey } from './suggestions.ts';
import type { Level, ParentId, TasksStore } from './tasks.ts';
import type { ToastsStore } from './toasts.ts';

/** What pages may use. One is made in `main.tsx`; it lives as long as the page. */
export interface Hub {
  readonly home: Home;
  readonly line: Line;
  /** What the browser keeps; undefined in VS Code, and where a browser keeps nothing. */
  readonly offline: Offline | undefined;
  readonly client: Client;
  readonly place: PlaceStore;
  readonly tasks: TasksStore;
  readonly notes: NotesStore;
  readonly toasts: ToastsStore;
  readonly suggestions: SuggestionsStore;
  readonly items: ItemsStore;
}

export const HubContext = createContext<Hub | undefined>(undefined);

export function useHub(): Hub {
  const hub = useContext(HubContext);
  if (hub === undefined) throw new Error('there is no hub around this component');
  return hub;
}

export const usePlace = (): string => useStore(useHub().place, ({ place }) => place);
export const useTask = (id: string): Task | undefined => useStore(useHub().tasks, ({ tasks }) => tasks.get(id));
export const useSuggestions = (of: SuggestionSubject): SuggestionGroup | undefined =>
  useStore(useHub().suggestions, ({ groups }) => groups.get(subjectKey(of)));
export const useItem = (id: string): Item | undefined => useStore(useHub().items, ({ items }) => items.get(id));
export const useItems = <T>(select: (state: ItemsState) => T): T => useStore(useHub().items, select);
export const useNotes = (): NotesState => useStore(useHub().notes);
export const useDraft = (draft: NoteDraft): DraftState => useStore(draft);

/** All levels; the same map until one of them changes, however often tasks do. */
export function useLevels(): ReadonlyMap<ParentId, Level> {
  const { tasks } = useHub();
  const last = useRef(tasks.getState().levels);
  return useSyncExternalStore(tasks.subscribe, () => {
    const { levels } = tasks.getState();
    const isSame =
      levels.size === last.current.size && [...levels].every(([id, each]) => last.current.get(id) === each);
    if (!isSame) last.current = levels;
    return last.current;
  });
}
