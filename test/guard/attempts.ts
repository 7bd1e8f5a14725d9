/*
 * Tries every way out, in a process of its own that has a guard: `attempts.ts GUARD PORT`, with an open port of loopback.
 * Prints one JSON object: for each way, the code that it was refused with, or what came of it.
 */
import { once } from 'node:events';
import type { Refusal } from '../../guard/guard.ts';

const [name = '', port = ''] = process.argv.slice(2);
const { guard } = (await import(`../../guard/${name}.ts`)) as typeof import('../../guard/ofServer.ts');
const refusals: Refusal[] = [];
guard.onRefused((refusal) => refusals.push(refusal));

// Only now: what a program imports later has to be guarded, too.
const net = await import('node:net');
const http = await import('node:http');
const https = await import('node:https');
const http2 = await import('node:http2');
const tls = await import('node:tls');
const dns = await import('node:dns');
const dgram = await import('node:dgram');
const inspector = await import('node:inspector');
const threads = await import('node:worker_threads');
const { lookup } = await import('node:dns');
const { resolve4 } = await import('node:dns/promises');

type Emitter = NodeJS.EventEmitter;
interface TcpHandle {
  connect(request: object, address: string, port: number): number;
}
const failed = async (emitter: Emitter): Promise<never> => {
  const [error] = await once(emitter, 'error');
  throw error;
};
const connected = (emitter: Emitter, event = 'connect') => Promise.race([once(emitter, event), failed(emitter)]);
const calledBack = (ask: (done: (error: Error | null) => void) => void) =>
  new Promise<void>((resolve, reject) => ask((error) => (error === null ? resolve() : reject(error))));
/** The handle's own error is a number. */
const denied = (code: unknown) => {
  if (typeof code === 'number' && code < 0) throw Object.assign(new Error(), { code: 'denied' });
};

const there = { host: '127.0.0.1', port: Number(port) };
const url = `http://127.0.0.1:${port}/`;

const ways: Record<string, () => unknown> = {
  'net.connect': () => connected(net.connect(there)),
  'net.connect, port first': () => connected(net.connect(there.port)),
  'net.connect, a name': () => connected(net.connect({ host: 'localhost', port: there.port })),
  'net.connect, beyond': () => connected(net.connect(443, '192.0.2.1')),
  'net.Socket': () => connected(new net.Socket().connect(there.port, there.host)),
  'a changing port': () => {
    let reads = 0;
    const options = {
      host: '127.0.0.1',
      get port() {
        return reads++ === 0 ? 1 : there.port;
      },
    };
    return connected(net.connect(options));
  },
  'the handle of a socket': async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await connected(server, 'listening');
    const { constructor: Tcp } = (server as unknown as { _handle: { constructor: new (type: number) => TcpHandle } })
      ._handle;
    server.close();
    denied(new Tcp(0).connect({}, '127.0.0.1', there.port));
  },
  'tls.connect': () => connected(tls.connect({ ...there, rejectUnauthorized: false }), 'secureConnect'),
  'http.get': () => connected(http.get(url), 'response'),
  'http.get, kept alive': () => connected(http.get(url, { agent: new http.Agent({ keepAlive: true }) }), 'response'),
  'https.get': () => connected(https.get(`https://127.0.0.1:${port}/`), 'response'),
  'http2.connect': () => connected(http2.connect(url), 'remoteSettings'),
  fetch: () => fetch(url),
  'fetch of a name': () => fetch('http://example.invalid/'),
  WebSocket: () => connectedSocket(new WebSocket(url.replace('http', 'ws'))),
  'dns.lookup': () => calledBack((done) => dns.lookup('example.invalid', done)),
  'lookup, imported by name': () => calledBack((done) => lookup('example.invalid', done)),
  'dns.resolve4': () => calledBack((done) => dns.resolve4('example.invalid', done)),
  'dns.reverse': () => calledBack((done) => dns.reverse('192.0.2.1', done)),
  'dns.lookupService': () => calledBack((done) => dns.lookupService('192.0.2.1', 80, done)),
  'dns.promises.lookup': () => dns.promises.lookup('example.invalid'),
  'dns/promises, imported by name': () => resolve4('example.invalid'),
  'dns.Resolver': () => calledBack((done) => new dns.Resolver().resolveTxt('example.invalid', done)),
  'dns.promises.Resolver': () => new dns.promises.Resolver().resolveMx('example.invalid'),
  'dgram.createSocket': () => dgram.createSocket('udp4'),
  'dgram.Socket': () => new (dgram.Socket as unknown as new (type: string) => unknown)('udp4'),
  'worker_threads.Worker': () => new threads.Worker('', { eval: true }),
  'inspector.open': () => inspector.open(0),
  'process.binding': () => (process as unknown as { binding(name: string): unknown }).binding('tcp_wrap'),
  'process.getBuiltinModule': () => connected(process.getBuiltinModule('node:net').connect(there)),
  'a local socket': () => connected(net.connect('/nowhere/ospain2.sock')),
  'a pipe of another machine': () => connected(net.connect('\\\\192.0.2.1\\pipe\\x')),
  'to listen at a port': () => connected(net.createServer().listen(0, '127.0.0.1'), 'listening'),
};

function connectedSocket(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = (event) => reject((event as unknown as { error?: Error }).error ?? new Error('WebSocket'));
  });
}

/** The code of an error, or of what caused it. */
function codeOf(thrown: unknown): string {
  const { code, cause } = thrown as { code?: unknown; cause?: unknown };
  if (code === undefined && cause !== undefined) return codeOf(cause);
  return String(code ?? thrown);
}

const found: Record<string, string> = {};
for (const [way, go] of Object.entries(ways)) {
  try {
    await go();
    found[way] = 'went through';
  } catch (thrown) {
    found[way] = codeOf(thrown);
  }
}
process.stdout.write(JSON.stringify({ found, refusals, whole: guard.whole }), () => process.exit(0));
