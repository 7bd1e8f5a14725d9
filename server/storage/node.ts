import { OspainError } from '../../protocol/index.ts';

/** The version of Node-API that the database addon is built for; Node 22.14 and 24 have it. */
const NEEDED_NAPI = 10;

/**
 * Throws `unsupported_node` on a Node that is too old. Call it before any native addon is opened: there is no later
 * moment, because the addon ends an older Node with SIGSEGV and no message.
 */
export function assertSupportedNode(versions: NodeJS.ProcessVersions = process.versions): void {
  if (Number(versions['napi'] ?? 0) >= NEEDED_NAPI) return;
  throw new OspainError('unsupported_node', `OSPAiN2 does not run on Node ${versions.node}.`, {
    hint: 'Use Node 22.14 or newer; 24 is the one that it is tested with.',
  });
}
