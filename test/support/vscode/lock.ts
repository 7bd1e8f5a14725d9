/**
 * One holder of a name at a time on this machine, across processes.
 *
 * The lock is an abstract Unix socket (Linux): the kernel drops it when its holder dies, so no stale lock can exist.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const retryMs = 250;

export async function withLock<T>(name: string, work: () => Promise<T>, timeoutMs = 1_200_000): Promise<T> {
  const address = `\0ospain2-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  const deadline = Date.now() + timeoutMs;
  let held = await tryListen(address);
  while (!held) {
    if (Date.now() > deadline) throw new Error(`another process has held '${name}' for ${timeoutMs / 1000} s`);
    await delay(retryMs);
    held = await tryListen(address);
  }
  try {
    return await work();
  } finally {
    held.close();
  }
}

function tryListen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}
