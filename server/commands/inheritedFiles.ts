import { readdirSync, readFileSync } from 'node:fs';

/** Of asm-generic/fcntl.h. */
const O_CLOEXEC = 0o2000000;

/**
 * Whoever started the server may have left files open that every program below it inherits: a folder among them would be
 * a way out of any sandbox. Each is replaced by `nothing`; the answer is for `stdio`, from the file with number `first`.
 */
export function inheritedFiles(first: number, nothing: number): ('ignore' | number)[] {
  const stdio: ('ignore' | number)[] = [];
  for (const name of readdirSync('/proc/self/fdinfo')) {
    const fd = Number(name);
    if (fd < first || closesItself(name)) continue;
    while (stdio.length < fd - first) stdio.push('ignore');
    stdio[fd - first] = nothing;
  }
  return stdio;
}

/** From proc(5): `flags` is octal, and holds O_CLOEXEC. */
function closesItself(fd: string): boolean {
  try {
    const flags = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').match(/^flags:\s*([0-7]+)/m)?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & O_CLOEXEC) !== 0;
  } catch {
    // The listing's own.
    return true;
  }
}
