import { type MethodName, methods, OspainError } from '../protocol/index.ts';
import { isOfModels, type ModelMethod } from './coreSlot.ts';
import type { Call, Handlers } from './dispatch.ts';
import type { ModelHost } from './modelHost.ts';

type ModelHandlers = Pick<Handlers, ModelMethod>;

/** Holds the models, which leave the memory when everything is locked or gets new keys: requests wait meanwhile. */
export interface ModelSlot {
  readonly handlers: ModelHandlers;
  /** The models that are open, or are opened; rejects with the reason that they cannot be, which requests are told from then on. */
  open(): Promise<ModelHost>;
  /** Null where they are not open. */
  host(): ModelHost | null;
  /** Until the next `open`, requests wait. */
  close(): Promise<void>;
  dispose(): Promise<void>;
}

export function createModelSlot(create: () => Promise<ModelHost>): ModelSlot {
  let host: ModelHost | null = null;
  let problem = new OspainError('unavailable', 'The server is starting.');
  let closed: PromiseWithResolvers<void> | null = null;

  const end = async () => {
    const last = host;
    host = null;
    await last?.dispose();
  };
  const use = async (method: ModelMethod, params: unknown, call: Call): Promise<unknown> => {
    while (closed !== null) await closed.promise;
    if (host === null) throw problem;
    return (host.handlers[method] as (params: unknown, call: Call) => unknown)(params, call);
  };
  const names = (Object.keys(methods) as MethodName[]).filter(isOfModels);

  return {
    // TypeScript cannot see that it pairs each method with its own result.
    handlers: Object.fromEntries(
      names.map((method) => [method, (params: unknown, call: Call) => use(method, params, call)]),
    ) as unknown as ModelHandlers,
    async open() {
      try {
        host ??= await create();
        return host;
      } catch (thrown) {
        problem = OspainError.from(thrown);
        throw thrown;
      } finally {
        closed?.resolve();
        closed = null;
      }
    },
    host: () => host,
    async close() {
      closed ??= Promise.withResolvers<void>();
      await end();
    },
    async dispose() {
      problem = new OspainError('unavailable', 'The server is stopping.');
      await end();
    },
  };
}
