import { connect, type NetConnectOpts } from 'node:net';

/**
 * Sends pieces of bytes over a connection of their own, ends this side, and resolves with what came back until the other side
 * hung up.
 */
export function exchangeBytes(where: NetConnectOpts, pieces: readonly string[], { end = true } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ ...where, allowHalfOpen: true });
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    // Hung up on, whoever still writes sees a reset.
    socket.on('error', () => {});
    socket.once('end', () => socket.end());
    socket.once('close', () => resolve(answer));
    for (const piece of pieces) socket.write(piece, 'latin1');
    if (end) socket.end();
  });
}

/** The statuses of the HTTP answers in what came back. */
export const statusesIn = (answer: string): number[] =>
  [...answer.matchAll(/(?:^|\n|\}|\r)HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
