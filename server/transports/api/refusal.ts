import { type ErrorCode, errorCodes, OspainError, type WireError } from '../../../protocol/index.ts';

export interface RefusalOptions {
  /** The status, where it says more than that of the code. */
  status?: number;
  /** The field of the request that is at fault, such as `messages[1].content`. */
  param?: string | undefined;
  hint?: string;
  cause?: unknown;
}

/** A request that is answered with an error. */
export class Refusal extends OspainError {
  readonly status: number;
  readonly param: string | null;

  constructor(code: ErrorCode, message: string, { status, param, ...options }: RefusalOptions = {}) {
    super(code, message, options);
    this.status = status ?? errorCodes[code].http;
    this.param = param ?? null;
  }

  static of(thrown: unknown): Refusal {
    if (thrown instanceof Refusal) return thrown;
    const { code, message, hint } = hideInternals(OspainError.from(thrown));
    return new Refusal(code, message, hint === undefined ? {} : { hint });
  }
}

/** What names files of this machine is not for other programs: they may run on another one. */
function hideInternals({ code, message, hint }: OspainError): Pick<OspainError, 'code' | 'message' | 'hint'> {
  if (/^(storage|key)_|^unsupported_node$/.test(code) && code !== 'storage_full')
    return { code, message: 'The server cannot use its data now; its log says why.', hint: undefined };
  return { code, message, hint: code.startsWith('model_') && code !== 'model_missing' ? undefined : hint };
}

/** An error in the words of the product; what caused it stays here. */
export function wireOf({ code, message, hint }: Refusal): WireError {
  return hint === undefined ? { code, message } : { code, message, hint };
}
