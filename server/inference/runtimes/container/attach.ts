import type { Duplex } from 'node:stream';
import type { Container } from 'dockerode';

/**
 * The standard streams of a container that was created and not started yet: what is written is its input, what is read is its
 * output and errors, multiplexed. Not by the library's `attach`, which posts its options as a body: podman hands that to the
 * worker as input. So this has a body of no bytes at all, also no last chunk.
 */
export function attach(container: Container): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    container.modem.dial(
      {
        path: `/containers/${container.id}/attach?`,
        method: 'POST',
        isStream: true,
        hijack: true,
        file: Buffer.alloc(0),
        statusCodes: { 101: true, 200: true, 404: 'no such container', 409: 'not attachable', 500: 'server error' },
        options: { _query: { stream: 1, stdin: 1, stdout: 1, stderr: 1 } },
      },
      (error: Error | null, stream: unknown) => (error === null ? resolve(stream as Duplex) : reject(error)),
    );
  });
}
