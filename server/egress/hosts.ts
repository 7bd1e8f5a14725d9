import { BlockList, isIP, isIPv6 } from 'node:net';

/** Addresses that no router of the open internet carries: RFC 1122, 1918, 3927, 4193, 4291, 6598. */
const local = new BlockList();
local.addSubnet('127.0.0.0', 8);
local.addSubnet('10.0.0.0', 8);
local.addSubnet('172.16.0.0', 12);
local.addSubnet('192.168.0.0', 16);
local.addSubnet('169.254.0.0', 16);
// Shared by carriers, and what mesh networks number their machines with.
local.addSubnet('100.64.0.0', 10);
local.addAddress('::1', 'ipv6');
local.addSubnet('fc00::', 7, 'ipv6');
local.addSubnet('fe80::', 10, 'ipv6');

/** Whether an address is this machine's or one of its own network's. */
export function isLocalAddress(address: string): boolean {
  return isIP(address) !== 0 && local.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/**
 * Whether a URL's host is, by its form, this machine or one of its own network. A name says so without proof: whoever
 * connects looks at the address that it leads to.
 */
export function isLocalHost(hostname: string): boolean {
  const host = bare(hostname);
  if (isIP(host) !== 0) return isLocalAddress(host);
  return !host.includes('.') || /\.(localhost|local|lan|internal|home\.arpa)$/.test(host);
}

/** `host`, `host:port`, or `*.domain` for every host below a domain, on the port of https alone unless one is named. */
export function hostMatches(pattern: string, url: URL): boolean {
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? [];
  if (String(portOf(url)) !== (port ?? '443')) return false;
  return name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name;
}

export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

/** What a person may read of an address: without its query, which may hold a signature, and without credentials. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`.slice(0, 300);
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '').toLowerCase();
