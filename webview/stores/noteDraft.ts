import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../protocol/client.ts';
import { OspainError } from '../../protocol/errors.ts';
import type { Result } from '../../protocol/methods.ts';
import { NoteConflict } from '../../protocol/notes.ts';

/** What a note says of itself, but for its text. */
export type NoteFacts = Omit<Result<'note/show'>, 'text'>;

/** Somebody else changed the same lines: a person decides. */
export interface DraftConflict {
  /** What stands there now; null where it was removed. */
  readonly theirs: string | null;
  readonly version: number;
  /** Both, with the markers of git. */
  readonly marked: string;
}

export interface DraftState {
  readonly path: string;
  readonly status: 'loading' | 'ready' | 'missing' | 'failed';
  readonly facts: NoteFacts | undefined;
  readonly text: string;
  /** Grows when the text was changed by something else than this editor. */
  readonly revision: number;
  /** Whether the server has all of it. */
  readonly isSaved: boolean;
  /** What loading or saving failed with; the text is kept, and saving is tried again. */
  readonly problem: unknown;
  readonly conflict: DraftConflict | undefined;
}

export interface NoteDraft extends StoreApi<DraftState> {
  /** What was typed. */
  edit(text: string): void;
  /** Saves at once what is not saved. */
  flush(): Promise<void>;
  /** Ends a conflict. `both` goes on with the text that holds both. */
  decide(choice: 'mine' | 'theirs' | 'both'): void;
  /** Asks for the note anew: for a line that was away, or a change of its links. */
  refresh(): Promise<void>;
  dispose(): void;
}

/** Keeps text that the server does not have yet over a reload of the page. */
export interface DraftKeeper {
  get(path: string): { text: string; base: number | null } | undefined;
  set(path: string, draft: { text: string; base: number | null }): void;
  remove(path: string): void;
}

export interface DraftDeps {
  readonly client: Client;
  readonly path: string;
  readonly keeper: DraftKeeper;
  /** Calls back after so many milliseconds; the returned function calls it off. */
  readonly later: (ms: number, callback: () => void) => () => void;
  /** Told where the note has gone when it was moved. */
  readonly onMoved: (path: string) => void;
}

/** Milliseconds of rest after which what was typed is saved, and between two tries when the server cannot be reached. */
const REST = 700;
const RETRY = 3000;

/**
 * A note as it is edited here. No text is lost: it is kept here until the server has it, whatever happens meanwhile, and what
 * others changed is merged with it or shown, never written over.
 */
export function createNoteDraft({ client, path: first, keeper, later, onMoved }: DraftDeps): NoteDraft {
  const store = createStore<DraftState>(() => ({
    ...{ path: first, status: 'loading', facts: undefined, text: '', revision: 0, isSaved: true },
    ...{ problem: undefined, conflict: undefined },
  }));
  const { getState: now, setState: set } = store;
  /** The version that the text here was made of, and its text. */
  let base: number | null = null;
  let basis = '';
  /** Texts that were sent and not answered: the server may have them all the same. */
  const unanswered = new Set<string>();
  let saving: Promise<void> | undefined;
  let callOff = () => {};
  let disposed = false;

  const soon = (ms: number) => {
    callOff();
    callOff = later(ms, () => void flush());
  };
  const take = (text: string, facts: NoteFacts) => {
    base = facts.note.version;
    basis = text;
    set({ status: 'ready', facts, path: facts.note.path });
  };
  const replace = (text: string) => {
    if (text !== now().text) set(({ revision }) => ({ text, revision: revision + 1 }));
  };

  const load = async () => {
    try {
      const { text, ...facts } = await client.request('note/show', { note: now().facts?.note.id ?? now().path });
      if (disposed) return;
      const isFirst = now().status !== 'ready';
      const kept = isFirst ? keeper.get(now().path) : undefined;
      if (kept !== undefined && kept.text !== text) {
        set({ status: 'ready', facts, problem: undefined, isSaved: false });
        base = kept.base;
        basis = kept.base === facts.note.version ? text : '';
        replace(kept.text);
        soon(0);
      } else if (isFirst || (now().isSaved && saving === undefined)) {
        take(text, facts);
        replace(text);
        set({ problem: undefined });
      } else set({ facts: { ...facts, note: now().facts?.note ?? facts.note } });
    } catch (thrown) {
      if (disposed || now().status === 'ready') return;
      const kept = keeper.get(now().path);
      if (OspainError.from(thrown).code !== 'not_found') set({ status: 'failed', problem: thrown });
      else if (kept?.base === null) {
        set({ status: 'ready', isSaved: false });
        replace(kept.text);
        soon(0);
      } else set({ status: 'missing' });
    }
  };

  const save = async () => {
    const { path, text } = now();
    unanswered.add(text);
    try {
      const { note } = await client.request('note/save', { path, text, base });
      base = note.version;
      basis = text;
      unanswered.clear();
      const isSaved = now().text === text;
      if (isSaved) keeper.remove(path);
      set(({ facts }) => ({ isSaved, problem: undefined, facts: facts === undefined ? facts : { ...facts, note } }));
      if (!isSaved) soon(REST);
      // Its links and boxes are read by the server.
      else void load();
    } catch (thrown) {
      await cannotSave(thrown, text);
    }
  };
  const cannotSave = async (thrown: unknown, sent: string) => {
    const error = OspainError.from(thrown);
    const there = error.code === 'conflict' ? NoteConflict.safeParse(error.details) : undefined;
    if (there?.success) return meet(there.data, sent);
    set({ problem: error });
    // What the server refuses for what it is stays refused until it is edited.
    if (['unavailable', 'storage_busy', 'cancelled'].includes(error.code)) soon(RETRY);
  };
  const meet = async ({ text: theirs, version }: NoteConflict, sent: string) => {
    if (theirs === null) {
      set({ problem: undefined, conflict: { theirs, version, marked: sent } });
      return;
    }
    if (unanswered.has(theirs)) {
      // What stands there is what was sent from here, and the answer was lost.
      base = version;
      basis = theirs;
      soon(0);
      return;
    }
    try {
      const asked = { note: now().path, base: base ?? version, ...(base !== null && { baseText: basis }), text: sent };
      const merged = await client.request('note/merge', asked);
      if (!merged.clean || base === null)
        set({ problem: undefined, conflict: { theirs: merged.current, version: merged.version, marked: merged.text } });
      else {
        // Typed meanwhile: that is merged in the next round, from the same base.
        if (now().text === sent) {
          base = merged.version;
          basis = merged.current;
          replace(merged.text);
        }
        soon(0);
      }
    } catch (thrown) {
      set({ problem: thrown });
      soon(RETRY);
    }
  };

  const flush = async (): Promise<void> => {
    callOff();
    if (saving !== undefined) return saving;
    const { status, isSaved, conflict } = now();
    if (status !== 'ready' || isSaved || conflict !== undefined) return;
    saving = save();
    await saving;
    saving = undefined;
  };

  const stops = [
    client.on('note/didChange', ({ note }) => {
      if (note.id === now().facts?.note.id && base !== null && note.version > base && saving === undefined) void load();
    }),
    client.on('note/didRemove', ({ id, movedTo }) => {
      if (id !== now().facts?.note.id) return;
      if (movedTo !== null) {
        set(({ facts }) => ({ path: movedTo, facts: facts && { ...facts, note: { ...facts.note, path: movedTo } } }));
        onMoved(movedTo);
      } else if (now().isSaved) set({ status: 'missing', facts: undefined });
    }),
  ];
  void load();

  return {
    ...store,
    edit(text) {
      if (text === now().text) return;
      set({ text, isSaved: false });
      keeper.set(now().path, { text, base });
      if (saving === undefined) soon(REST);
    },
    flush,
    decide(choice) {
      const { conflict } = now();
      if (conflict === undefined) return;
      base = conflict.theirs === null ? null : conflict.version;
      basis = conflict.theirs ?? '';
      set({ conflict: undefined });
      if (choice === 'theirs' && conflict.theirs === null) {
        keeper.remove(now().path);
        set({ status: 'missing', facts: undefined, isSaved: true });
        return;
      }
      if (choice === 'theirs') replace(conflict.theirs ?? '');
      if (choice === 'both') replace(conflict.marked);
      set({ isSaved: false });
      soon(0);
    },
    refresh: load,
    dispose() {
      disposed = true;
      callOff();
      for (const stop of stops) stop();
    },
  };
}
