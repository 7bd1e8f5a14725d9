import { type Carrier, type Client, createClient } from '../protocol/client.ts';
import type { Notification, NotificationName, NotificationParams } from '../protocol/methods.ts';
import { t } from '../protocol/words.ts';
import { createBackoff } from './backoff.ts';
import { type Problem, problemOf, Unready } from './problem.ts';

export type ConnectionState =
  /** Nobody needed the server yet. */
  | { readonly name: 'off' }
  | { readonly name: 'starting' }
  | { readonly name: 'running' }
  /** It ended by itself and is started again after `delayMs`. */
  | { readonly name: 'waiting'; readonly delayMs: number }
  /** Only `restart()` leads out of here. */
  | { readonly name: 'failed'; readonly problem: Problem };

export interface ConnectionDeps {
  /** Throws Unready when there is nothing to connect for, such as no folder. */
  check(): void;
  /**
   * Starts a server and resolves when it can be asked; `onClosed` is called once when it ended by itself after that. When the signal
   * aborts, nobody wants it any more: it is ended, and only then the promise rejects.
   */
  launch(onClosed: () => void, signal: AbortSignal): Promise<Carrier>;
  now(): number;
  /** Resolves after `ms` milliseconds, or when the signal aborts. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * The extension's line to its server. It outlives servers: one is started at first need, and again when it ended by itself.
 * Listeners belong to the extension's life, carriers to one server's. At most one server is meant at any time: what an
 * older one still says is not heard.
 */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #backoff;
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  readonly #listeners = new Set<(notification: Notification) => void>();
  #state: ConnectionState = { name: 'off' };
  #client: Promise<Client> | undefined;
  #carrier: Carrier | undefined;
  /** Settles when no server is about to start: two at a time would both bring the commands that VS Code takes only once. */
  #opening: Promise<unknown> = Promise.resolve();
  /** The era whose server runs. */
  #running: AbortSignal | undefined;
  /** Resolves when all servers that were ended by will are gone. */
  #closing: Promise<void> = Promise.resolve();
  /** Ends when the server that is meant changes by the person's will. */
  #era = new AbortController();

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    this.#backoff = createBackoff(deps.now);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  onDidChangeState(listener: (state: ConnectionState) => void): { dispose(): void } {
    this.#stateListeners.add(listener);
    return { dispose: () => this.#stateListeners.delete(listener) };
  }

  /** Hears one kind of message from whichever server is there. */
  on<N extends NotificationName>(method: N, listener: (params: NotificationParams<N>) => void): { dispose(): void } {
    return this.onMessage((notification) => {
      if (notification.method === method) listener(notification.params as never);
    });
  }

  /** Hears every message, for those who only hand them on. */
  onMessage(listener: (notification: Notification) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** The server, started if need be. Throws Unready, or what the start failed with. */
  async connect(): Promise<Client> {
    this.#deps.check();
    if (this.#state.name === 'failed') throw failure(this.#state.problem);
    this.#client ??= this.#track(this.#start(this.#era.signal));
    const asked = this.#client;
    try {
      return await asked;
    } catch (thrown) {
      // It was called off by a restart: the next one is as good.
      if (this.#client !== undefined && this.#client !== asked) return this.#client;
      throw thrown;
    }
  }

  /** Ends the server, if there is one, and starts another. */
  async restart(): Promise<Client> {
    this.#close();
    this.#backoff.reset();
    this.#set({ name: 'off' });
    return this.connect();
  }

  async dispose(): Promise<void> {
    this.#close();
    this.#client = this.#track(Promise.reject(failure(stopped())));
    this.#stateListeners.clear();
    this.#listeners.clear();
    await this.#closing;
  }

  /** A failed start is told through the state; nobody may be waiting for it. */
  #track(client: Promise<Client>): Promise<Client> {
    client.catch(() => {});
    return client;
  }

  #close(): void {
    this.#closing = Promise.all([this.#closing, this.#end()]).then(() => {});
  }

  async #end(): Promise<void> {
    this.#era.abort();
    this.#era = new AbortController();
    const carrier = this.#carrier;
    this.#carrier = undefined;
    this.#running = undefined;
    this.#client = undefined;
    await Promise.all([carrier?.close(), this.#opening.catch(() => {})]);
  }

  async #start(era: AbortSignal): Promise<Client> {
    // For the server before; and in any case for a moment, until `#client` is set: who hears of the start may ask to connect at
    // once, and must then find this one instead of starting another, whose start is heard of too.
    await this.#closing;
    if (era.aborted) throw failure(stopped());
    this.#set({ name: 'starting' });
    try {
      return await this.#launch(era);
    } catch (thrown) {
      throw this.#fail(era, problemOf(thrown));
    }
  }

  #launch(era: AbortSignal): Promise<Client> {
    const opened = this.#open(era);
    this.#opening = opened;
    return opened;
  }

  async #open(era: AbortSignal): Promise<Client> {
    let closed = false;
    const carrier = await this.#deps.launch(() => {
      closed = true;
      // Not yet running: what follows the launch sees `closed`. No longer meant: nothing is lost.
      if (this.#running === era && !era.aborted) this.#lost(era);
    }, era);
    if (era.aborted) {
      await carrier.close();
      throw failure(stopped());
    }
    if (closed) throw failure(stopped());
    this.#carrier = carrier;
    this.#running = era;
    carrier.onNotification((notification) => {
      if (this.#carrier !== carrier) return;
      for (const listener of [...this.#listeners]) listener(notification);
    });
    this.#set({ name: 'running' });
    return createClient(carrier);
  }

  #lost(era: AbortSignal): void {
    this.#carrier = undefined;
    this.#running = undefined;
    // Later, when `#client` is set: see `#start`.
    this.#client = this.#track(Promise.resolve().then(() => this.#again(era)));
  }

  async #again(era: AbortSignal): Promise<Client> {
    let problem = stopped();
    for (;;) {
      if (era.aborted) throw failure(stopped());
      const delayMs = this.#backoff.next();
      if (delayMs === undefined) throw this.#fail(era, problem);
      this.#set({ name: 'waiting', delayMs });
      await this.#deps.delay(delayMs, era);
      if (era.aborted) throw failure(stopped());
      this.#set({ name: 'starting' });
      try {
        return await this.#launch(era);
      } catch (thrown) {
        if (era.aborted) throw thrown;
        problem = problemOf(thrown);
      }
    }
  }

  #fail(era: AbortSignal, problem: Problem): Unready {
    if (!era.aborted) {
      this.#client = undefined;
      this.#set({ name: 'failed', problem });
    }
    return failure(problem);
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}

const stopped = (): Problem => ({
  code: 'unavailable',
  message: t('The OSPAiN2 server stopped.'),
  hint: t('Restart it; the log says more.'),
});

const failure = ({ message, hint }: Problem): Unready =>
  new Unready('not_running', message, hint ?? t('Restart the server; the log says more.'));
