/* What passes let through, in a process with the server's guard. Prints one JSON object. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type NetConnectOpts } from 'node:net';
import { text } from 'node:stream/consumers';
import { guard } from '../../guard/ofServer.ts';
import { passTo } from '../../guard/pass.ts';
import { createEgress } from '../../server/egress/egress.ts';
import { createLog } from '../../server/log.ts';

const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const there = { host: '127.0.0.1', port };

async function outcome(to: NetConnectOpts): Promise<string> {
  const socket = connect(to);
  return new Promise((resolve) => {
    socket
      .once('connect', () => resolve('connected'))
      .once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(code));
  }).finally(() => socket.destroy()) as Promise<string>;
}

const withPass = await passTo(there, () => outcome(there));
const byName = await passTo({ host: 'LOCALHOST', port }, () => outcome({ host: 'localhost', port }));
const elsewhere = await passTo({ host: '127.0.0.1', port: port + 1 }, () => outcome(there));
const laterInIt = await passTo(there, async (end) => {
  await outcome(there);
  end();
  return outcome(there);
});
const outside = await outcome(there);

const egress = createEgress({ audit() {}, log: createLog(() => {}), now: Date.now, record: () => () => {} });
let insideOfEgress = '';
const got = await egress.during({ purpose: 'x', hosts: [`127.0.0.1:${port}`] }, async (fetch) => {
  const { body } = await fetch(new URL(`http://127.0.0.1:${port}/`));
  // Neither by who called nor in what the connection itself calls back.
  const inCallback = new Promise<string>((resolve) => body.once('data', () => void outcome(there).then(resolve)));
  const read = await text(body);
  insideOfEgress = (await outcome(there)) === (await inCallback) ? await inCallback : 'differs';
  return read;
});
const afterEgress = await outcome(there);
guard.lift();
const lifted = await outcome(there);
const found = { withPass, byName, elsewhere, laterInIt, outside, egress: got, afterEgress, insideOfEgress, lifted };
process.stdout.write(JSON.stringify(found), () => process.exit(0));
