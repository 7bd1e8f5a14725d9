import type { CancellationToken } from 'vscode-languageserver/node';
import { OspainError } from '../../protocol/index.ts';

/** JSON-RPC's way of giving up as everybody else's. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort(new OspainError('cancelled', 'The request was cancelled.')));
  return controller.signal;
}
