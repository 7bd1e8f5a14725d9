import { Server, Socket } from 'node:net';
import { mayReach } from './pass.ts';
import { isOfThisMachine, type Watch } from './rules.ts';

/** Where a call of `connect` leads. */
type Target = { path: string } | { host: string; port: number };

/**
 * What `net`, `tls`, `http`, `https`, `http2`, `fetch` and `WebSocket` connect with: all of them come here. A refusal is the error
 * of the connection, as if it had failed; the handles below (`handles.ts`) refuse too, whatever happens here.
 */
export function guardSockets({ rules, isOn, refuse }: Watch): void {
  const connect = Socket.prototype.connect;
  const listen = Server.prototype.listen;

  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    const target = targetOf(args);
    const allowed = 'path' in target ? rules.pipes && isOfThisMachine(target.path) : mayReach(target.port, target.host);
    if (allowed || !isOn()) return Reflect.apply(connect, this, args);
    const error = refuse('net.connect', 'path' in target ? target.path : `${target.host}:${target.port}`);
    // Who looks at it in between must not take it for one that is there.
    Object.assign(this, { connecting: true });
    // Not at once: who opened it has yet to listen.
    process.nextTick(() => this.destroy(error));
    return this;
  } as typeof connect;

  Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
    if (rules.listen || !isOn()) return Reflect.apply(listen, this, args);
    const error = refuse('net.listen');
    process.nextTick(() => this.emit('error', error));
    return this;
  } as typeof listen;
}

/** The forms of arguments of `Socket.connect`; `net.connect` hands them on in a list. */
function targetOf(args: readonly unknown[]): Target {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    const { path, port, host } = first as { path?: unknown; port?: unknown; host?: unknown };
    return typeof path === 'string' ? { path } : { port: Number(port), host: hostOf(host) };
  }
  const port = Number(first);
  return typeof first === 'string' && Number.isNaN(port) ? { path: first } : { port, host: hostOf(second) };
}

const hostOf = (host: unknown): string => (typeof host === 'string' && host !== '' ? host : 'localhost');
