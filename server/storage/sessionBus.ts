import { connect } from 'node:net';
import { join } from 'node:path';

/** Whether the desktop's message bus is there. Whether it speaks is another question. */
export async function busIsThere(env: NodeJS.ProcessEnv): Promise<boolean> {
  const path = socketOf(env);
  if (path === undefined) return false;
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.once('error', () => end(false));
    socket.once('connect', () => end(true));
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

/** Bus addresses escape as URLs do. */
const busEscape = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
