import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/**
 * What answers at the address of the message bus: nobody, a bus that refuses whoever comes, one that knows no keyring, or
 * one whose keyring never says a word.
 */
export type BusManner = 'silent' | 'refusing' | 'empty' | 'deaf';

/** A message bus as far as a keyring's client gets before it asks for secrets. `path` is that of its socket. */
export async function openBus(path: string, manner: BusManner): Promise<Disposable & { env: NodeJS.ProcessEnv }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (manner === 'refusing') socket.write('REJECTED\r\n');
    else if (manner !== 'silent') speak(socket, manner);
  });
  await once(server.listen(path), 'listening');
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: `tcp:host=x;unix:path=${path},guid=${GUID}` },
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const GUID = '0'.repeat(32);

/** D-Bus Specification 0.43, "Authentication Protocol" and "Message Protocol". */
function speak(socket: Socket, manner: 'empty' | 'deaf'): void {
  let rest = Buffer.alloc(0);
  let begun = false;
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    for (let end = rest.indexOf('\r\n'); !begun && end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.toString('latin1', 0, end);
      rest = rest.subarray(end + 2);
      begun = line === 'BEGIN';
      if (line.includes('AUTH')) socket.write(`OK ${GUID}\r\n`);
      else if (!begun) socket.write('ERROR\r\n');
    }
    while (begun && rest.length >= 16) {
      // A client on this machine writes in the machine's own byte order; tests run on little-endian ones.
      const length = 16 + Math.ceil(rest.readUInt32LE(12) / 8) * 8 + rest.readUInt32LE(4);
      if (rest.length < length) break;
      const [serial, text] = [rest.readUInt32LE(8), rest.toString('latin1', 0, length)];
      rest = rest.subarray(length);
      if (text.includes('Hello')) socket.write(answer(serial, { name: ':1.1' }));
      else if (manner === 'empty') socket.write(answer(serial, { error: 'org.freedesktop.DBus.Error.ServiceUnknown' }));
    }
  });
}

function answer(serial: number, told: { name: string } | { error: string }): Buffer {
  const body = 'name' in told ? text(told.name) : Buffer.alloc(0);
  // Each field begins at a multiple of eight: its code, the signature of its value, the value.
  const field = (code: number, signature: string, value: Buffer) =>
    padded(Buffer.concat([Buffer.from([code, 1, signature.charCodeAt(0), 0]), value]));
  const fields = Buffer.concat([
    'error' in told ? field(4, 's', text(told.error)) : field(8, 'g', Buffer.from([1, 's'.charCodeAt(0), 0])),
    field(7, 's', text('org.freedesktop.DBus')),
    Buffer.concat([Buffer.from([5, 1, 'u'.charCodeAt(0), 0]), number(serial)]),
  ]);
  const [METHOD_RETURN, ERROR] = [2, 3];
  const start = Buffer.from(['l'.charCodeAt(0), 'error' in told ? ERROR : METHOD_RETURN, 1, 1]);
  const head = Buffer.concat([start, number(body.length), number(serial), number(fields.length), fields]);
  return Buffer.concat([padded(head), body]);
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 7)]);

const text = (value: string): Buffer => Buffer.concat([number(value.length), Buffer.from(`${value}\0`, 'latin1')]);

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
