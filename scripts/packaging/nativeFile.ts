/** Which platform a native file is for, by its header: names can lie, and a wrong one fails only on a person's machine. */

export interface NativeKind {
  readonly os: 'linux' | 'darwin' | 'win32';
  /** `universal` is a Mach-O file for several processors. */
  readonly cpu: 'x64' | 'arm64' | 'universal' | 'other';
}

/** Bytes of a file's beginning that `nativeKind` needs. */
export const HEADER_BYTES = 4096;

/** Undefined for a file that no operating system loads. Sources: ELF(5), Mach-O `loader.h`, Microsoft's PE format. */
export function nativeKind(head: Buffer): NativeKind | undefined {
  if (head.length < 20) return undefined;
  if (head.readUInt32BE(0) === 0x7f454c46)
    return { os: 'linux', cpu: cpuOf({ 62: 'x64', 183: 'arm64' }, elfMachine(head)) };
  if (head.readUInt32LE(0) === 0xfeedfacf)
    return { os: 'darwin', cpu: cpuOf({ 16777223: 'x64', 16777228: 'arm64' }, head.readUInt32LE(4)) };
  // A Java class begins with the same four bytes; its second word is a version above 40, a Mach-O's a small count.
  if (head.readUInt32BE(0) === 0xcafebabe && head.readUInt32BE(4) < 20) return { os: 'darwin', cpu: 'universal' };
  return portableExecutable(head);
}

type Cpus = Readonly<Record<number, 'x64' | 'arm64'>>;
const cpuOf = (cpus: Cpus, machine: number): NativeKind['cpu'] => cpus[machine] ?? 'other';

// Byte 5 of an ELF file is 1 where its numbers begin with the low byte.
const elfMachine = (head: Buffer): number => (head[5] === 1 ? head.readUInt16LE(18) : head.readUInt16BE(18));

function portableExecutable(head: Buffer): NativeKind | undefined {
  if (head.toString('latin1', 0, 2) !== 'MZ' || head.length < 64) return undefined;
  const at = head.readUInt32LE(60);
  if (at + 6 > head.length || head.toString('latin1', at, at + 4) !== 'PE\0\0') return undefined;
  return { os: 'win32', cpu: cpuOf({ 34404: 'x64', 43620: 'arm64' }, head.readUInt16LE(at + 4)) };
}
