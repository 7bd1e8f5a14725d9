import { z } from 'zod';

/**
 * The closed list of error codes: how each looks on every carrier. `rpc` is the JSON-RPC number, `http` the status,
 * `exit` the exit code of the command line, and `shown` says whether a person is told without asking.
 * Sources of numbers: JSON-RPC 2.0 section 5.1 and LSP 3.17 `ErrorCodes`; exit codes from 64 up follow sysexits.h.
 */
const table = {
  malformed: { rpc: -32700, http: 400, exit: 65, shown: false },
  invalid_params: { rpc: -32602, http: 400, exit: 64, shown: true },
  unknown_method: { rpc: -32601, http: 404, exit: 64, shown: false },
  not_found: { rpc: -32010, http: 404, exit: 3, shown: true },
  conflict: { rpc: -32011, http: 409, exit: 4, shown: true },
  wrong_state: { rpc: -32012, http: 409, exit: 4, shown: true },
  too_large: { rpc: -32013, http: 413, exit: 64, shown: true },
  path_outside: { rpc: -32014, http: 403, exit: 77, shown: true },
  unauthorized: { rpc: -32045, http: 401, exit: 77, shown: true },
  forbidden: { rpc: -32046, http: 403, exit: 77, shown: true },
  cancelled: { rpc: -32800, http: 499, exit: 130, shown: false },
  lease_lost: { rpc: -32015, http: 409, exit: 75, shown: false },
  task_failed: { rpc: -32016, http: 422, exit: 1, shown: true },
  not_taught: { rpc: -32017, http: 422, exit: 1, shown: true },
  parked: { rpc: -32027, http: 409, exit: 75, shown: false },
  paused: { rpc: -32019, http: 409, exit: 75, shown: false },
  loop: { rpc: -32018, http: 422, exit: 1, shown: true },
  model_missing: { rpc: -32020, http: 404, exit: 66, shown: true },
  model_unreadable: { rpc: -32021, http: 422, exit: 65, shown: true },
  model_crashed: { rpc: -32022, http: 502, exit: 70, shown: true },
  worker_failed: { rpc: -32023, http: 502, exit: 70, shown: true },
  context_full: { rpc: -32024, http: 413, exit: 65, shown: true },
  memory_short: { rpc: -32026, http: 503, exit: 75, shown: true },
  bad_answer: { rpc: -32025, http: 422, exit: 1, shown: true },
  storage_full: { rpc: -32030, http: 507, exit: 74, shown: true },
  storage_read_only: { rpc: -32031, http: 507, exit: 73, shown: true },
  storage_busy: { rpc: -32032, http: 503, exit: 75, shown: true },
  storage_corrupt: { rpc: -32033, http: 500, exit: 74, shown: true },
  storage_newer: { rpc: -32034, http: 500, exit: 78, shown: true },
  storage_failed: { rpc: -32035, http: 500, exit: 74, shown: true },
  key_wrong: { rpc: -32036, http: 500, exit: 78, shown: true },
  key_unavailable: { rpc: -32037, http: 500, exit: 78, shown: true },
  key_locked: { rpc: -32038, http: 423, exit: 77, shown: true },
  unsupported_node: { rpc: -32040, http: 500, exit: 78, shown: true },
  unavailable: { rpc: -32041, http: 503, exit: 69, shown: true },
  egress_refused: { rpc: -32050, http: 403, exit: 77, shown: true },
  fetch_failed: { rpc: -32051, http: 502, exit: 69, shown: true },
  fetch_denied: { rpc: -32052, http: 502, exit: 77, shown: true },
  content_differs: { rpc: -32053, http: 502, exit: 65, shown: true },
  containers_missing: { rpc: -32060, http: 503, exit: 69, shown: true },
  containers_denied: { rpc: -32061, http: 503, exit: 77, shown: true },
  containers_lost: { rpc: -32062, http: 503, exit: 75, shown: true },
  image_missing: { rpc: -32063, http: 503, exit: 78, shown: true },
  image_differs: { rpc: -32064, http: 503, exit: 78, shown: true },
  image_failed: { rpc: -32065, http: 500, exit: 70, shown: true },
  internal: { rpc: -32603, http: 500, exit: 70, shown: true },
} as const;

export type ErrorCode = keyof typeof table;

export const errorCodes: Readonly<
  Record<ErrorCode, { readonly rpc: number; readonly http: number; readonly exit: number; readonly shown: boolean }>
> = table;

export const ErrorCodeSchema = z.enum(Object.keys(table) as [ErrorCode, ...ErrorCode[]]);

/**
 * An error as it crosses a process border. `hint` says what the person can do; `cause` is for logs and diagnostics, and
 * `details` for the program that asked: what they are is said where the method is.
 */
export const WireError = z.object({
  code: ErrorCodeSchema,
  message: z.string(),
  hint: z.string().optional(),
  cause: z.string().optional(),
  details: z.unknown().optional(),
});
export type WireError = z.infer<typeof WireError>;

/** Any failure that the product knows: a code of the closed list, what happened, and what to do about it. */
export class OspainError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: unknown;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string | undefined; cause?: unknown; details?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OspainError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  toWire(): WireError {
    const wire: WireError = { code: this.code, message: this.message };
    if (this.hint !== undefined) wire.hint = this.hint;
    if (this.details !== undefined) wire.details = this.details;
    if (this.cause !== undefined) wire.cause = this.cause instanceof Error ? this.cause.message : String(this.cause);
    return wire;
  }

  static fromWire(wire: WireError): OspainError {
    return new OspainError(wire.code, wire.message, { hint: wire.hint, cause: wire.cause, details: wire.details });
  }

  /** Any thrown value as an OspainError: unknown ones become `internal` and keep their cause. */
  static from(thrown: unknown): OspainError {
    if (thrown instanceof OspainError) return thrown;
    return new OspainError('internal', 'Something went wrong inside OSPAiN2.', {
      hint: 'Try again; if it stays, save diagnostics and report it.',
      cause: thrown,
    });
  }
}
