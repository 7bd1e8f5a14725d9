import type { MethodName, Notification, NotificationName, NotificationParams, Params, Result } from './methods.ts';

/** What every AbortSignal has, of Node as of a browser. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface RequestOptions {
  signal?: Signal | undefined;
}

/** The three things a carrier must do; failures reject with an OspainError. */
export interface Carrier {
  /** When the signal aborts, the server is told to give it up; what then comes of it may still be a result. */
  request(method: string, params: unknown, options?: RequestOptions): Promise<unknown>;
  onNotification(listener: (notification: Notification) => void): () => void;
  close(): Promise<void>;
}

/** The server as a client sees it, typed by the method table. */
export interface Client {
  request<M extends MethodName>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>>;
  /** Calls back for one kind of message; the returned function stops it. */
  on<N extends NotificationName>(method: N, listener: (params: NotificationParams<N>) => void): () => void;
  close(): Promise<void>;
}

export function createClient(carrier: Carrier): Client {
  return {
    // The server validates what it sends; the cast only names what the table says.
    request: async <M extends MethodName>(method: M, params: Params<M>, options?: RequestOptions) =>
      (await carrier.request(method, params, options)) as Result<M>,
    on: (method, listener) =>
      carrier.onNotification((notification) => {
        if (notification.method === method) listener(notification.params as never);
      }),
    close: () => carrier.close(),
  };
}
