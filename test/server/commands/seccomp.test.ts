import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seccompFilter } from '../../../server/commands/seccomp.ts';
import { REFUSED, syscalls } from '../../../server/commands/syscalls.ts';

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (code: number): number => 0x50000 + code;

/** Runs a filter as the kernel does (Documentation/networking/filter.rst). */
function verdict(
  filter: Buffer,
  { audit, number, args = [] }: { audit: number; number: number; args?: number[] },
): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(audit, 4);
  for (const [index, value] of args.entries()) data.writeBigUInt64LE(BigInt(value), 16 + 8 * index);
  let loaded = 0;
  for (let at = 0; at < filter.length / 8; at++) {
    const [code, yes, no, value] = [
      filter.readUInt16LE(at * 8),
      filter.readUInt8(at * 8 + 2),
      filter.readUInt8(at * 8 + 3),
      filter.readUInt32LE(at * 8 + 4),
    ];
    if (code === 0x06) return value;
    if (code === 0x20) loaded = data.readUInt32LE(value);
    else {
      const tests: Record<number, boolean> = { 21: loaded === value, 53: loaded >= value, 69: (loaded & value) !== 0 };
      const met = tests[code];
      assert.notEqual(met, undefined, `an instruction that is not known: ${code}`);
      at += met ? yes : no;
    }
  }
  throw new Error('the filter has no end');
}

for (const [machine, { audit, numbers }] of Object.entries(syscalls)) {
  const filter = seccompFilter(machine) ?? Buffer.alloc(0);
  const ask = (number: number, ...args: number[]): number => verdict(filter, { audit, number, args });

  test(`${machine}: what no build needs is refused, and a process goes on`, () => {
    for (const name of REFUSED) {
      const number = numbers[name];
      if (number !== undefined) assert.equal(ask(number), errno(1), name);
    }
  });

  test(`${machine}: the rest is allowed`, () => {
    // read, write, openat, exit_group, mmap, of each machine.
    const usual = machine === 'x64' ? [0, 1, 257, 231, 9] : [63, 64, 56, 94, 222];
    for (const number of usual) assert.equal(ask(number), ALLOW);
  });

  test(`${machine}: processes may be made, namespaces not`, () => {
    assert.equal(ask(numbers.clone, 0x01200011), ALLOW);
    for (const flag of [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
      assert.equal(ask(numbers.clone, flag | 0x11), errno(1));
    assert.equal(ask(numbers.clone3), errno(38));
  });

  test(`${machine}: a terminal is not typed into`, () => {
    assert.equal(ask(numbers.ioctl, 0, 0x5412), errno(1));
    assert.equal(ask(numbers.ioctl, 0, 0x541c), errno(1));
    assert.equal(ask(numbers.ioctl, 0, 0x5401), ALLOW);
    // The kernel looks at the lower half alone, and so does the filter.
    assert.equal(ask(numbers.ioctl, 0, 0x1_0000_5412), errno(1));
  });

  test(`${machine}: only families of sockets that a namespace confines`, () => {
    for (const family of [1, 2, 10, 16]) assert.equal(ask(numbers.socket, family), ALLOW);
    for (const family of [0, 3, 17, 31, 38, 40, 44]) assert.equal(ask(numbers.socket, family), errno(97));
  });

  test(`${machine}: another machine’s calls have other numbers, so they end the process`, () => {
    assert.equal(verdict(filter, { audit: 0x40000003, number: 1 }), KILL);
    assert.equal(ask(0x40000001), errno(38));
  });
}

test('there is no filter for a machine whose calls are not known', () =>
  assert.equal(seccompFilter('riscv64'), undefined));
