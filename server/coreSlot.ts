import { type MethodName, methods, OspainError } from '../protocol/index.ts';
import type { Call, Handlers } from './dispatch.ts';

/** Nouns of what the workspace's database has no part in. */
const ELSEWHERE = ['model', 'upload', 'pull', 'egress', 'image', 'inference', 'completion'] as const;

/** Methods that are answered by the models of the user. */
export type ModelMethod = Extract<MethodName, `${(typeof ELSEWHERE)[number]}/${string}`>;

/** Every method but those, the ones that exchange what answers the others, and those of the API and its hub, which stay meanwhile. */
export type CoreHandlers = Omit<Handlers, ModelMethod | 'backup/restore' | `${'api' | 'hub' | 'keys'}/${string}`>;

/** All that stands on an open database. */
export interface Core {
  readonly handlers: CoreHandlers;
  /** Gives running tasks back and closes the database. */
  close(): Promise<void>;
}

/** Holds the core, and lets it be exchanged while the server lives: requests wait meanwhile. */
export interface CoreSlot {
  readonly handlers: CoreHandlers;
  exchanging(): boolean;
  /**
   * Waits for requests that are at work, closes the core, runs, and opens another core, also when running failed. Rejects
   * when either fails; without a core every request is answered with the reason.
   */
  exchange<T>(whileClosed: () => Promise<T>): Promise<T>;
  dispose(): Promise<void>;
}

export function createCoreSlot(first: Core, open: () => Promise<Core>): CoreSlot {
  let core = first;
  let exchange: Promise<void> | null = null;
  const atWork = new Set<Promise<unknown>>();

  const use = async (method: keyof CoreHandlers, params: unknown, call: Call): Promise<unknown> => {
    while (exchange !== null) await exchange;
    // Nothing may wait between this and the line above. A handler and its params go together by the table.
    const work = (async () => (core.handlers[method] as (params: unknown, call: Call) => unknown)(params, call))();
    atWork.add(work);
    try {
      return await work;
    } finally {
      atWork.delete(work);
    }
  };

  /** Runs while nothing uses the core. */
  const alone = async <T>(run: () => Promise<T>): Promise<T> => {
    while (exchange !== null) await exchange;
    const { promise, resolve } = Promise.withResolvers<void>();
    exchange = promise;
    try {
      await Promise.allSettled(atWork);
      return await run();
    } finally {
      exchange = null;
      resolve();
    }
  };

  const reopen = async () => {
    try {
      core = await open();
    } catch (thrown) {
      core = createFailedCore(OspainError.from(thrown));
      throw thrown;
    }
  };

  return {
    handlers: handlersFor(({ method, params, call }) => use(method, params, call)),
    exchanging: () => exchange !== null,
    exchange: (whileClosed) =>
      alone(async () => {
        try {
          await core.close();
          return await whileClosed();
        } finally {
          await reopen();
        }
      }),
    dispose: () =>
      alone(async () => {
        const last = core;
        core = createFailedCore(new OspainError('unavailable', 'The server is stopping.'));
        await last.close();
      }),
  };
}

/** What stands in for a core that could not be opened: every request is answered with the reason. */
export const createFailedCore = (error: OspainError): Core => ({
  handlers: handlersFor(() => Promise.reject(error)),
  close: async () => {},
});

interface Request {
  method: keyof CoreHandlers;
  params: unknown;
  call: Call;
}

/** One function for all methods as the table of them; TypeScript cannot see that it pairs each with its own result. */
const handlersFor = (answer: (request: Request) => Promise<unknown>): CoreHandlers =>
  Object.fromEntries(
    (Object.keys(methods) as MethodName[])
      .filter(isOfCore)
      .map((method) => [method, (params: unknown, call: Call) => answer({ method, params, call })]),
  ) as unknown as CoreHandlers;

const isOfCore = (method: MethodName): method is keyof CoreHandlers =>
  method !== 'backup/restore' && !isOfModels(method) && !isOf(method, ['api', 'hub', 'keys']);

export const isOfModels = (method: MethodName): method is ModelMethod => isOf(method, ELSEWHERE);

const isOf = (method: MethodName, nouns: readonly string[]): boolean =>
  nouns.some((noun) => method.startsWith(`${noun}/`));
