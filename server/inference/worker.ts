import {
  type CancellationToken,
  CancellationTokenSource,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { errorCodes, OspainError, WireError } from '../../protocol/index.ts';
import type { RunningWorker, Wanted, WorkerRuntime } from './runtimes/runtime.ts';
import { createStateFile } from './stateFile.ts';
import { readLastWords, WorkerDeath } from './workerDeath.ts';
import {
  type Backend,
  backendNotification,
  type CompleteParams,
  completeRequest,
  type Embedded,
  type EmbedParams,
  embedRequest,
  type Generated,
  type GenerateParams,
  generateRequest,
  heldRequest,
  type Loaded,
  type LoadParams,
  loadRequest,
  type Parked,
  type ParkParams,
  parkRequest,
  progressNotification,
  restoreRequest,
  textNotification,
  thinkingNotification,
} from './workerProtocol.ts';

/** A worker, as the pool speaks to it. Every request rejects with an OspainError or a WorkerDeath. */
export interface Worker extends Pick<RunningWorker, 'name' | 'pid' | 'container' | 'memory' | 'kill'> {
  /** Resolves when it is gone. */
  readonly died: Promise<WorkerDeath>;
  /** Null before llama.cpp runs. */
  readonly backend: Backend | null;
  load(params: LoadParams): Promise<Loaded>;
  /*
   * Several at one time. When the signal aborts they reject with `cancelled`, after the token or slice that is being
   * computed.
   */
  generate(
    params: Omit<GenerateParams, 'id'>,
    signal: AbortSignal,
    onText: (text: string) => void,
    onThinking?: () => void,
  ): Promise<Generated>;
  complete(params: Omit<CompleteParams, 'id'>, signal: AbortSignal, onText: (text: string) => void): Promise<Generated>;
  embed(params: EmbedParams, signal: AbortSignal): Promise<Embedded>;
  /** Takes the state of a conversation, if the worker has one of that size, out of a file that lasts no longer. */
  park(params: ParkParams, take: (file: number, parked: Parked) => Promise<void>): Promise<void>;
  /** Has the worker go on with a state that `fill` writes to a file, unless it has as much of the conversation itself. */
  restore(params: RestoreParams, signal: AbortSignal, fill: (file: number) => Promise<void>): Promise<void>;
  /** Ends the process and resolves when it is gone. */
  dispose(): Promise<void>;
}

export interface RestoreParams {
  conversation: string;
  /** Evaluated tokens of the state. */
  tokens: number;
}

interface Speech {
  onText(text: string): void;
  onThinking?: (() => void) | undefined;
}

/** How long a worker may take to end by itself, in milliseconds. */
const GRACE = 2000;

export interface StartOptions {
  /** What it is started for; anything where nobody says so. */
  wanted?: Wanted;
  /** Called when the worker shows that what was asked of it goes on. */
  onSign?(): void;
}

/** Starts a worker; throws `worker_failed` when that is not possible. */
export function startWorker(runtime: WorkerRuntime, { wanted, onSign = () => {} }: StartOptions = {}): Worker {
  const running = runtime.start(wanted);
  const connection = createMessageConnection(
    new StreamMessageReader(running.output),
    new StreamMessageWriter(running.input),
  );
  const lastWords = readLastWords(running.errors);
  const stateFile = createStateFile(running.memoryFile);
  const listeners = new Map<number, Speech>();
  const open = new Set<(death: WorkerDeath) => void>();
  let death: WorkerDeath | null = null;
  let lastId = 0;
  let backend: Backend | null = null;

  const died = running.exited.then((exit) => {
    death = new WorkerDeath(exit, lastWords());
    for (const reject of open) reject(death);
    connection.dispose();
    stateFile.close();
    return death;
  });
  // A worker that cannot be understood is ended; what is open hears of its death.
  connection.onError(() => running.kill());
  connection.onNotification(textNotification, ({ id, text }) => {
    onSign();
    listeners.get(id)?.onText(text);
  });
  connection.onNotification(thinkingNotification, ({ id }) => {
    onSign();
    listeners.get(id)?.onThinking?.();
  });
  connection.onNotification(backendNotification, (told) => {
    backend = told;
  });
  connection.onNotification(progressNotification, () => onSign());
  connection.listen();

  const ask = <T>(send: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (death !== null) return reject(death);
      open.add(reject);
      const settle = (how: () => void) => {
        open.delete(reject);
        how();
      };
      send().then(
        (result) => settle(() => resolve(result)),
        (error: unknown) => {
          const known = fromWorker(error);
          if (known !== null) settle(() => reject(known));
          // The request could not be sent or read: the death that follows is the better reason.
          else running.kill();
        },
      );
    });

  /** Sends a request that the signal can cancel. */
  const askUntil = async <T>(signal: AbortSignal, send: (token: CancellationToken) => Promise<T>): Promise<T> => {
    const cancellation = new CancellationTokenSource();
    const cancel = () => cancellation.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      return await ask(() => send(cancellation.token));
    } finally {
      signal.removeEventListener('abort', cancel);
      cancellation.dispose();
    }
  };

  const listen = async <T>(speech: Speech, run: (id: number) => Promise<T>): Promise<T> => {
    const id = ++lastId;
    listeners.set(id, speech);
    try {
      return await run(id);
    } finally {
      listeners.delete(id);
    }
  };

  return {
    get name() {
      return running.name;
    },
    get pid() {
      return running.pid;
    },
    get container() {
      return running.container;
    },
    memory: () => running.memory(),
    kill: () => running.kill(),
    died,
    get backend() {
      return backend;
    },
    load: (params) => ask(() => connection.sendRequest(loadRequest, { ...params, path: running.pathOf(params.path) })),
    generate: (params, signal, onText, onThinking) =>
      listen({ onText, onThinking }, (id) =>
        askUntil(signal, (token) => connection.sendRequest(generateRequest, { ...params, id }, token)),
      ),
    complete: (params, signal, onText) =>
      listen({ onText }, (id) =>
        askUntil(signal, (token) => connection.sendRequest(completeRequest, { ...params, id }, token)),
      ),
    embed: (params, signal) => askUntil(signal, (token) => connection.sendRequest(embedRequest, params, token)),
    async park(params, take) {
      await stateFile.use(async (file) => {
        const parked = await ask(() => connection.sendRequest(parkRequest, params));
        if (parked !== null) await take(file, parked);
      });
    },
    async restore({ conversation, tokens }, signal, fill) {
      await stateFile.use(async (file) => {
        const held = await ask(() => connection.sendRequest(heldRequest, { conversation }));
        if (held >= tokens) return;
        await fill(file);
        await askUntil(signal, (token) => connection.sendRequest(restoreRequest, { conversation }, token));
      });
    },
    async dispose() {
      const timer = setTimeout(() => running.kill(), GRACE);
      // What is being parked is worth a moment.
      await Promise.race([stateFile.settled(), died]);
      running.input.end();
      await died;
      clearTimeout(timer);
    },
  };
}

/** The worker's own answer that something failed; null for failures of the conversation itself. */
function fromWorker(error: unknown): OspainError | null {
  if (!(error instanceof Error)) return null;
  const wire = WireError.safeParse('data' in error ? error.data : undefined);
  if (wire.success) return OspainError.fromWire(wire.data);
  // A request that was cancelled before the worker began it carries only the number.
  const isCancelled = 'code' in error && error.code === errorCodes.cancelled.rpc;
  return isCancelled ? new OspainError('cancelled', 'The generation was cancelled.') : null;
}
