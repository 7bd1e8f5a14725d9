import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../protocol/client.ts';
import type { Result } from '../../protocol/methods.ts';
import type { Note } from '../../protocol/notes.ts';
import { createNoteDraft, type DraftDeps, type NoteDraft } from './noteDraft.ts';

export type NoteHit = Result<'note/search'>['hits'][number];

/** Which notes are listed: those with these words, or else with this tag; empty for all. */
export interface NoteFilter {
  readonly text: string;
  readonly tag: string;
  readonly order: 'path' | 'updated';
}

export interface NotesState {
  readonly filter: NoteFilter;
  readonly notes: readonly Note[];
  /** What a search found, in the order of `notes`. */
  readonly hits: readonly NoteHit[] | undefined;
  readonly total: number;
  readonly isLoading: boolean;
  readonly error: unknown;
  /** Tags in use, with the number of their notes. */
  readonly tags: Result<'note/tags'>['tags'];
}

export interface NotesStore extends StoreApi<NotesState> {
  /** Loads what is listed unless it is known. */
  open(): void;
  filter(change: Partial<NoteFilter>): void;
  /** Loads the next page, unless one is on its way or there is none. */
  more(): void;
  /** The draft of a note, which lives on until all of it is saved. */
  draft(path: string): NoteDraft;
  /** Nobody looks at it any more. */
  leave(draft: NoteDraft): void;
  /** Saves what is not saved, now: the page may go. */
  flush(): void;
  resync(): void;
  dispose(): void;
}

export interface NotesDeps extends Pick<DraftDeps, 'client' | 'keeper' | 'later'> {
  readonly client: Client;
  readonly onMoved: (from: string, to: string) => void;
}

const PAGE = 500;
/** Milliseconds that typing rests before a search, and between two looks at what others change. */
const TYPING = 120;
const CHANGES = 400;

export function createNotesStore({ client, keeper, later, onMoved }: NotesDeps): NotesStore {
  const store = createStore<NotesState>(() => ({
    ...{ filter: { text: '', tag: '', order: 'path' }, notes: [], hits: undefined, total: 0 },
    ...{ isLoading: false, error: undefined, tags: [] },
  }));
  const { getState: now, setState: set } = store;
  const drafts = new Set<NoteDraft>();
  const left = new Set<NoteDraft>();
  let next: string | null = null;
  let opened = false;
  /** Grows with each request for a first page: what was asked for before is not shown any more. */
  let era = 0;
  let callOff = () => {};

  const soon = (ms: number) => {
    callOff();
    callOff = later(ms, () => void load());
  };
  const load = async () => {
    const mine = ++era;
    const { filter } = now();
    set({ isLoading: true });
    try {
      const [page, { tags }] = await Promise.all([ask(filter), client.request('note/tags', {})]);
      if (mine !== era) return;
      next = page.next;
      set({ ...page.shown, tags, isLoading: false, error: undefined });
    } catch (error) {
      if (mine === era) set({ isLoading: false, error });
    }
  };
  const ask = async ({ text, tag, order }: NoteFilter, after?: string) => {
    if (text.trim() !== '') {
      const { hits } = await client.request('note/search', { text: text.trim().slice(0, 1000), limit: 100 });
      const notes = hits.map(({ note }) => note);
      return { shown: { notes, hits, total: notes.length }, next: null };
    }
    const asked = { order, limit: PAGE, ...(tag !== '' && { tag }), ...(after !== undefined && { after }) };
    const { notes, total, next: following } = await client.request('note/list', asked);
    return { shown: { notes, hits: undefined, total }, next: following };
  };
  const stops = [
    client.on('note/didChange', ({ note }) => {
      const at = now().notes.findIndex(({ id }) => id === note.id);
      if (at >= 0) set(({ notes }) => ({ notes: notes.with(at, note) }));
      if (opened && now().filter.text.trim() === '') soon(CHANGES);
    }),
    client.on('note/didRemove', ({ id }) => {
      set(({ notes }) => ({ notes: notes.filter((note) => note.id !== id) }));
      if (opened) soon(CHANGES);
    }),
  ];

  return {
    ...store,
    open() {
      if (opened) return;
      opened = true;
      void load();
    },
    filter(change) {
      opened = true;
      set(({ filter }) => ({ filter: { ...filter, ...change } }));
      soon(change.text === undefined ? 0 : TYPING);
    },
    more() {
      if (next === null || now().isLoading) return;
      const mine = era;
      const after = next;
      set({ isLoading: true });
      ask(now().filter, after).then(
        ({ shown, next: following }) => {
          if (mine !== era) return;
          next = following;
          const known = new Set(now().notes.map(({ id }) => id));
          const fresh = shown.notes.filter(({ id }) => !known.has(id));
          set(({ notes }) => ({ notes: [...notes, ...fresh], total: shown.total, isLoading: false }));
        },
        (error: unknown) => {
          if (mine === era) set({ isLoading: false, error });
        },
      );
    },
    draft(path) {
      const known = [...drafts].find((draft) => draft.getState().path === path);
      if (known !== undefined) {
        left.delete(known);
        return known;
      }
      const draft: NoteDraft = createNoteDraft({ client, keeper, later, path, onMoved: (to) => onMoved(path, to) });
      drafts.add(draft);
      draft.subscribe(({ isSaved }) => {
        if (isSaved && left.has(draft)) drop(draft);
      });
      return draft;
    },
    leave(draft) {
      left.add(draft);
      void draft.flush();
      if (draft.getState().isSaved) drop(draft);
    },
    flush() {
      for (const draft of drafts) void draft.flush();
    },
    resync() {
      if (opened) void load();
      for (const draft of drafts) void draft.refresh().then(() => draft.flush());
    },
    dispose() {
      callOff();
      for (const stop of stops) stop();
      for (const draft of drafts) draft.dispose();
    },
  };

  function drop(draft: NoteDraft): void {
    left.delete(draft);
    drafts.delete(draft);
    draft.dispose();
  }
}
