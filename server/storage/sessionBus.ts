import { connect } from 'node:net';
import { join } from 'node:path';

/**
 * Whether the desktop's message bus is there and speaks. The keyring addon connects to it inside a constructor and
 * waits for an answer without end, so a bus that is silent would hold the whole server.
 */
export async function busSpeaks(env: NodeJS.ProcessEnv, patienceMs = 2000): Promise<boolean> {
  const path = socketOf(env);
  if (path === undefined) return false;
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (speaks: boolean) => {
      socket.destroy();
      resolve(speaks);
    };
    socket.setTimeout(patienceMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    // The opening of D-Bus Specification 0.43, "Authentication Protocol": a null byte, then a line that asks which
    // mechanisms there are.
    socket.once('connect', () => socket.write('\0AUTH\r\n'));
    socket.once('data', () => end(true));
  });
}

/** The first Unix socket of the bus address; the abstract ones of Linux begin with a null byte. */
function socketOf(env: NodeJS.ProcessEnv): string | undefined {
  const runtime = env['XDG_RUNTIME_DIR'];
  const address = env['DBUS_SESSION_BUS_ADDRESS'] || (runtime ? `unix:path=${busEscape(join(runtime, 'bus'))}` : '');
  for (const entry of address.split(';')) {
    const [, options = ''] = /^unix:(.*)$/.exec(entry) ?? [];
    for (const option of options.split(',')) {
      const [, kind, value = ''] = /^(path|abstract)=(.+)$/.exec(option) ?? [];
      if (kind !== undefined) return `${kind === 'abstract' ? '\0' : ''}${decodeURIComponent(value)}`;
    }
  }
  return undefined;
}

/** Bus addresses busEscape as URLs do. */
const busEscape = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
