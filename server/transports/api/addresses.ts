import { hostname, networkInterfaces } from 'node:os';

/** Names by which a request may reach this machine; what a resolver was tricked into pointing here is none of them. */
export function ownNames(lan: boolean): Set<string> {
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  if (!lan) return new Set(loopback);
  const name = hostname().toLowerCase();
  return new Set([...loopback, ...ownAddresses(), name, `${name}.local`]);
}

/** Where other machines reach this one, as written in a URL. Addresses that need a scope are left out. */
export function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all
    .filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
    .map(({ family, address }) => (family === 'IPv6' ? `[${address.toLowerCase()}]` : address));
}

/** Whether a Host header names this machine at the port. */
export function isOwnHost(host: string, { port, lan }: { port: number; lan: boolean }): boolean {
  const [, name = '', at = '80'] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(host) ?? [];
  return Number(at) === port && ownNames(lan).has(name.toLowerCase());
}

/** Whether a connection comes from this machine. */
export const isHere = (remoteAddress = ''): boolean => /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress);
