import {
  isMethod,
  type MethodName,
  methods,
  type Notification,
  OspainError,
  type ParsedParams,
  type Result,
  type WireError,
} from '../protocol/index.ts';
import type { Log } from './log.ts';

/** The way that a request came: `editor`, `hub` and `local` (the command line) are the person, `api` is another program. */
export type CallerName = 'editor' | 'hub' | 'local' | 'api';

/** Who asked, for as long as the request runs. */
export interface Call {
  /** Aborted when the caller gave up, with an OspainError `cancelled`. */
  readonly signal: AbortSignal;
  /** Tells the caller alone; a carrier that cannot, leaves it out. */
  notify(notification: Notification): void;
}

/** One function a method; a missing one does not compile. */
export type Handlers = { [M in MethodName]: (params: ParsedParams<M>, call: Call) => Result<M> | Promise<Result<M>> };

export type Outcome = { ok: true; result: unknown } | { ok: false; error: WireError };

export type Dispatch = (
  method: string,
  params: unknown,
  call?: Partial<Call> & { caller?: CallerName },
) => Promise<Outcome>;

/** Runs what a request asks for, in the name of who asked. */
type During = <T>(caller: CallerName, run: () => T) => T;

/** Validates, runs, classifies and logs a request: once, for every carrier. Never rejects. */
export function createDispatch(handlers: Handlers, log: Log, during: During = (_caller, run) => run()): Dispatch {
  return async (method, params, call = {}) => {
    const { signal = new AbortController().signal, notify = () => {}, caller = 'local' } = call;
    const started = performance.now();
    try {
      const result = await during(caller, () => run(handlers, method, params, { signal, notify }));
      log.debug(`${method} ${(performance.now() - started).toFixed(1)} ms`);
      return { ok: true, result };
    } catch (thrown) {
      const error = OspainError.from(thrown);
      const where = error.code === 'internal' ? `: ${thrown instanceof Error ? thrown.stack : String(thrown)}` : '';
      log[error.code === 'internal' ? 'error' : 'info'](`${clip(method)} failed: ${error.code}${where}`);
      return { ok: false, error: error.toWire() };
    }
  };
}

async function run(handlers: Handlers, method: string, params: unknown, call: Call): Promise<unknown> {
  if (!isMethod(method))
    throw new OspainError('unknown_method', `There is no method ${clip(method)}.`, {
      hint: 'Client and server may be of different versions: update both.',
    });
  const parsed = methods[method].params.safeParse(params ?? {});
  if (!parsed.success) throw invalid(method, parsed.error.issues);
  // TypeScript cannot pair a handler with its own params over a union of methods; the table does.
  return (handlers[method] as (params: unknown, call: Call) => unknown)(parsed.data, call);
}

function invalid(method: string, issues: readonly { path: PropertyKey[]; message: string }[]): OspainError {
  const what = issues.slice(0, 3).map((issue) => `${issue.path.map(String).join('.') || 'params'}: ${issue.message}`);
  return new OspainError('invalid_params', `${method} was not understood. ${what.join('; ')}`);
}

/** A name from outside, made safe for one line of a log. */
const clip = (name: string): string => JSON.stringify(name.slice(0, 64));
