import { type ErrorCode, errorCodes, OspainError, WireError } from '../protocol/errors.ts';
import { t } from '../protocol/words.ts';

/** JSON-RPC numbers that mean: the line broke before an answer came. Source: vscode-jsonrpc `ErrorCodes`. */
const BROKEN_LINE: readonly unknown[] = [-32096, -32097, -32098, -32099];

/** What a request over JSON-RPC was rejected with, as the product's own error. */
export function fromResponseError(thrown: unknown): OspainError {
  if (thrown instanceof OspainError || typeof thrown !== 'object' || thrown === null) return OspainError.from(thrown);
  const { code, data, message } = thrown as { code?: unknown; data?: unknown; message?: unknown };
  const wire = WireError.safeParse(data);
  if (wire.success) return OspainError.fromWire(wire.data);
  if (BROKEN_LINE.includes(code))
    return new OspainError('unavailable', t('The OSPAiN2 server ended before it answered.'), {
      hint: t('It starts again by itself: try again.'),
      cause: thrown,
    });
  const known = (Object.keys(errorCodes) as ErrorCode[]).find((name) => errorCodes[name].rpc === code);
  if (known === undefined || typeof message !== 'string') return OspainError.from(thrown);
  return new OspainError(known, message, { cause: thrown });
}
