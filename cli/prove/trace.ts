/** One call of the system that went beyond this machine, or opened it. */
export interface Attempt {
  pid: number;
  call: string;
  /** As strace writes the address. */
  address: string;
}

export interface Traced {
  /** Calls about the network, local ones included. */
  calls: number;
  processes: number;
  attempts: Attempt[];
}

/** The calls that are traced; of `socket`, `socketpair` and `listen` only how many there were. */
export const TRACED = 'socket,connect,bind,listen,sendto,sendmsg,sendmmsg';

const LINE = /^(\d+) +(\w+)\((.*)$/;
const FAMILY = /sa_family=(AF_\w+)/;

/** Sockets of this machine behind which another program asks the network for names. */
const RESOLVERS = /sun_path=@?"(?:\/var)?\/run\/(?:systemd\/resolve|nscd|unbound|dnsmasq)/;
const NOBODY_THERE = / = -1 (?:ENOENT|ECONNREFUSED)/;

/** What `strace -f -s 0 -e trace=…` wrote to a file (strace(1)). */
export function readTrace(text: string): Traced {
  const processes = new Set<number>();
  const attempts: Attempt[] = [];
  let calls = 0;
  for (const line of text.split('\n')) {
    const [, pid = '', call = '', rest = ''] = LINE.exec(line) ?? [];
    if (pid === '') continue;
    processes.add(Number(pid));
    calls += 1;
    if (call === 'socket' || call === 'listen' || !leaves(rest)) continue;
    const address = /\{sa_family=[^}]*\}/.exec(rest)?.[0] ?? '';
    attempts.push({ pid: Number(pid), call, address });
  }
  return { calls, processes: processes.size, attempts };
}

/** Whether the address of a call is that of another machine, or of all of them. One without an address is none. */
function leaves(rest: string): boolean {
  const family = FAMILY.exec(rest)?.[1];
  if (family === undefined || family === 'AF_NETLINK' || family === 'AF_UNSPEC') return false;
  if (family === 'AF_UNIX') return RESOLVERS.test(rest) && !NOBODY_THERE.test(rest);
  if (family === 'AF_INET') return !/inet_addr\("127\./.test(rest);
  if (family === 'AF_INET6') return !/inet_pton\(AF_INET6, "(?:::1|::ffff:127\.[\d.]+)"/.test(rest);
  return true;
}
