import type { Machine } from './syscalls.ts';
import { REFUSED, syscalls } from './syscalls.ts';

/*
 * A classic BPF program over `struct seccomp_data` (linux/seccomp.h: nr at 0, arch at 4, args from 16, eight bytes each),
 * put together by hand, so that no compiler is needed. Instructions are `struct sock_filter` (linux/filter.h).
 */
const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_ANY_BIT = 0x45;
const RETURN = 0x06;

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (code: number): number => 0x00050000 | code;
const EPERM = errno(1);
const ENOSYS = errno(38);
const EAFNOSUPPORT = errno(97);

const NUMBER = 0;
const ARCHITECTURE = 4;
/** The lower half of an argument; all that are looked at here are 32 bits wide. */
const argument = (index: number): number => 16 + 8 * index;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET of linux/sched.h. */
const NEW_NAMESPACES = 0x7e020000;
/** Both put letters into a terminal's input, as if somebody had typed them. */
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK; others, such as AF_VSOCK, are not confined by a network namespace. */
const FAMILIES = [1, 2, 10, 16];

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/** What bubblewrap reads from `--seccomp`; undefined for a machine whose system calls are not known here. */
export function seccompFilter(machine: string): Buffer | undefined {
  const known: Machine | undefined = syscalls[machine];
  if (!known) return undefined;
  const { audit, numbers } = known;
  const answer = (number: number, value: number): Instruction[] => [
    [IF_EQUAL, 0, 1, number],
    [RETURN, 0, 0, value],
  ];
  /** Looks into an argument of one system call, and then loads its number again. */
  const inside = (number: number, index: number, checks: readonly Instruction[]): Instruction[] => [
    [IF_EQUAL, 0, checks.length + 2, number],
    [LOAD, 0, 0, argument(index)],
    ...checks,
    [LOAD, 0, 0, NUMBER],
  ];
  return assemble([
    [LOAD, 0, 0, ARCHITECTURE],
    [IF_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, NUMBER],
    // The 32-bit calls of x86-64 have numbers of their own, beyond those that are known.
    [IF_AT_LEAST, 0, 1, 0x40000000],
    [RETURN, 0, 0, ENOSYS],
    ...REFUSED.flatMap((name) => (numbers[name] === undefined ? [] : answer(numbers[name], EPERM))),
    // Its flags lie in memory, where a filter cannot look; programs then use `clone`.
    ...answer(numbers.clone3, ENOSYS),
    ...inside(numbers.clone, 0, [
      [IF_ANY_BIT, 0, 1, NEW_NAMESPACES],
      [RETURN, 0, 0, EPERM],
    ]),
    ...inside(numbers.ioctl, 1, [...answer(TIOCSTI, EPERM), ...answer(TIOCLINUX, EPERM)]),
    ...inside(numbers.socket, 0, [
      ...FAMILIES.map((family, index): Instruction => [IF_EQUAL, FAMILIES.length - index, 0, family]),
      [RETURN, 0, 0, EAFNOSUPPORT],
    ]),
    [RETURN, 0, 0, ALLOW],
  ]);
}

function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  return bytes;
}
