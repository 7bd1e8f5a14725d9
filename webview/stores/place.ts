import { createStore, type StoreApi } from 'zustand/vanilla';

/** Where the person is in the hub: the page's name, and what of it, such as `tasks/42`. */
export interface PlaceState {
  readonly place: string;
}

export interface PlaceStore extends StoreApi<PlaceState> {
  go(place: string): void;
}

export interface PlaceDeps {
  readonly first: string;
  keep(place: string): void;
  onPlace(listener: (place: string) => void): void;
}

export function createPlaceStore({ first, keep, onPlace }: PlaceDeps): PlaceStore {
  const store = createStore<PlaceState>(() => ({ place: first }));
  onPlace((place) => store.setState({ place }));
  return {
    ...store,
    go(place) {
      if (store.getState().place === place) return;
      store.setState({ place });
      keep(place);
    },
  };
}

/** A place's page and the rest of it: `notes/daily/today.md` → `notes` and `daily/today.md`. */
export function parsePlace(place: string): { page: string; rest: string } {
  const at = place.indexOf('/');
  return at < 0 ? { page: place, rest: '' } : { page: place.slice(0, at), rest: place.slice(at + 1) };
}
