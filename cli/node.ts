import { OspainError } from '../protocol/index.ts';

/** The version of Node-API that the server's database addon is built for; Node 22.14 and 24 have it. */
const NEEDED_NAPI = 10;

/** Throws `unsupported_node` on a Node that the server could not run on: its addon would end it without a message. */
export function assertSupportedNode(versions: Record<string, string | undefined>): void {
  if (Number(versions['napi'] ?? 0) >= NEEDED_NAPI) return;
  throw new OspainError('unsupported_node', `OSPAiN2 does not run on Node ${versions['node'] ?? ''}.`, {
    hint: 'Use Node 22.14 or newer; 24 is the one that it is tested with.',
  });
}
