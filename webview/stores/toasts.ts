import { createStore, type StoreApi } from 'zustand/vanilla';
import { OspainError } from '../../protocol/errors.ts';

export interface Toast {
  readonly id: number;
  readonly kind: 'said' | 'failed';
  /** What happened, one sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** One thing to do next, such as to undo it. */
  readonly action: ToastAction | undefined;
}

export interface ToastAction {
  readonly title: string;
  readonly run: () => void;
}

export interface ToastsState {
  /** Oldest first. */
  readonly toasts: readonly Toast[];
}

export interface ToastsStore extends StoreApi<ToastsState> {
  /** Says that something was done; it goes by itself. */
  say(text: string, action?: ToastAction): void;
  /** Says why something was not done; it stays until the person closes it. Whatever was thrown will do. */
  fail(thrown: unknown, action?: ToastAction): void;
  close(id: number): void;
}

/** Milliseconds that one is there which goes by itself: time to read it, and to reach its action. */
const STAYS = 8000;
/** More than these hide what is under them: the oldest goes. */
const MOST = 4;

export function createToastsStore(delay: (ms: number, callback: () => void) => void): ToastsStore {
  const store = createStore<ToastsState>(() => ({ toasts: [] }));
  let last = 0;
  const add = (toast: Omit<Toast, 'id'>) => {
    last += 1;
    const id = last;
    // The same again says nothing new.
    const others = store.getState().toasts.filter(({ text, kind }) => text !== toast.text || kind !== toast.kind);
    store.setState({ toasts: [...others, { ...toast, id }].slice(-MOST) });
    return id;
  };
  const close = (id: number) => {
    store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  };
  return {
    ...store,
    say(text, action) {
      const id = add({ kind: 'said', text, hint: undefined, action });
      delay(STAYS, () => close(id));
    },
    fail(thrown, action) {
      const { message, hint } = OspainError.from(thrown);
      add({ kind: 'failed', text: message, hint, action });
    },
    close,
  };
}
