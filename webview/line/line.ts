import type { Carrier } from '../../protocol/client.ts';
import { OspainError } from '../../protocol/errors.ts';
import { ServerFrame } from '../../protocol/hub.ts';
import type { Notification } from '../../protocol/methods.ts';
import { t } from '../../protocol/words.ts';
import { createBackoff } from './backoff.ts';
import type { OpenPipe, Pipe, PipeEnd } from './pipe.ts';

export type LineState =
  | { readonly name: 'opening' }
  | { readonly name: 'open' }
  /** It ended and is opened again after `delayMs`, or at once by `reopen()`. */
  | { readonly name: 'waiting'; readonly end: PipeEnd; readonly delayMs: number }
  /** Only `reopen()` leads out of here. */
  | { readonly name: 'closed'; readonly end: PipeEnd };

/**
 * The hub's connection to the server. It outlives pipes: when one ends, what was asked fails, and another is opened. What is
 * asked while one opens waits for it; while none does, it fails at once with `unavailable`.
 */
export interface Line extends Carrier {
  readonly state: LineState;
  onDidChangeState(listener: (state: LineState) => void): () => void;
  /** Opens it now, also when it waits or was closed. */
  reopen(): void;
}

export interface LineDeps {
  readonly open: OpenPipe;
  /** Calls back after `ms` milliseconds; the returned function calls it off. */
  delay(ms: number, callback: () => void): () => void;
  /** For how long it waits between pipes: a number from 0 up to 1. */
  random(): number;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: OspainError): void;
}

export function createLine({ open, delay, random }: LineDeps): Line {
  const backoff = createBackoff(random);
  const pending = new Map<number, Pending>();
  const listeners = new Set<(notification: Notification) => void>();
  const stateListeners = new Set<(state: LineState) => void>();
  let state: LineState = { name: 'opening' };
  let pipe: Pipe | undefined;
  /** Frames of requests that were made while it opened. */
  let unsent: unknown[] = [];
  let callOff = () => {};
  let lastId = 0;
  // What an older pipe still says is not heard.
  let era = 0;

  const set = (next: LineState) => {
    state = next;
    for (const listener of [...stateListeners]) listener(next);
  };
  const failAll = (error: () => OspainError) => {
    const failed = [...pending.values()];
    pending.clear();
    unsent = [];
    for (const { reject } of failed) reject(error());
  };
  const settle = (frame: unknown) => {
    const read = ServerFrame.safeParse(frame);
    // A frame that cannot be read answers nothing; a server that sends such is of another version, and the shell says so.
    if (!read.success) return;
    if ('method' in read.data) {
      // Of the table's, as the server validated it; one that this hub does not know has no listener.
      for (const listener of [...listeners]) listener(read.data as Notification);
      return;
    }
    const asked = pending.get(read.data.id);
    pending.delete(read.data.id);
    if ('error' in read.data) asked?.reject(OspainError.fromWire(read.data.error));
    else asked?.resolve(read.data.result);
  };
  const ended = (end: PipeEnd) => {
    pipe = undefined;
    failAll(() => unavailable(end));
    if (end.final) return set({ name: 'closed', end });
    const delayMs = backoff.next();
    callOff = delay(delayMs, start);
    set({ name: 'waiting', end, delayMs });
  };
  const start = () => {
    era += 1;
    const mine = era;
    set({ name: 'opening' });
    pipe = open({
      onOpen: () => {
        if (mine !== era) return;
        backoff.reset();
        const frames = unsent;
        unsent = [];
        for (const frame of frames) pipe?.send(frame);
        set({ name: 'open' });
      },
      onFrame: (frame) => mine === era && settle(frame),
      onClose: (end) => mine === era && ended(end),
    });
  };
  const drop = () => {
    callOff();
    era += 1;
    pipe?.close();
    pipe = undefined;
    failAll(() => unavailable(gone()));
  };
  start();

  return {
    get state() {
      return state;
    },
    onDidChangeState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    reopen() {
      drop();
      start();
    },
    request(method, params, { signal } = {}) {
      if ('end' in state) return Promise.reject(unavailable(state.end));
      if (signal?.aborted) return Promise.reject(new OspainError('cancelled', t('It was called off.')));
      lastId += 1;
      const id = lastId;
      const send = (frame: unknown) => (state.name === 'open' ? pipe?.send(frame) : unsent.push(frame));
      const cancel = () => pending.has(id) && send({ id, cancel: true });
      const answer = new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
      signal?.addEventListener('abort', cancel, { once: true });
      send({ id, method, params });
      return answer.finally(() => signal?.removeEventListener('abort', cancel));
    },
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      drop();
      set({ name: 'closed', end: gone() });
      listeners.clear();
      stateListeners.clear();
    },
  };
}

const unavailable = ({ message, hint }: Pick<PipeEnd, 'message' | 'hint'>): OspainError =>
  new OspainError('unavailable', message, { hint });

const gone = (): PipeEnd => ({ message: t('The hub was closed.'), hint: t('Open it again.'), final: true });
