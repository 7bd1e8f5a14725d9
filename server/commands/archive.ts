export interface Entry {
  /** With `/`; no control characters, not absolute, no `..`. */
  path: string;
  text: string;
  /** Permission bits. */
  mode?: number;
}

const BLOCK = 512;
/** Bytes of a name in a header; longer ones stand in an entry of their own, as GNU tar writes them. */
const MAX_NAME = 100;
const FILE = '0';
const LONG_NAME = 'L';

/** Files as `tar` unpacks them (POSIX.1-1988 ustar). Nobody in particular owns them. `time` is Unix time in milliseconds. */
export function archiveOf(entries: Iterable<Entry>, time: number): Buffer {
  const blocks: Buffer[] = [];
  const put = (type: string, name: Buffer, content: Buffer, mode: number): void => {
    blocks.push(
      header({ type, name, size: content.length, mode, time }),
      content,
      Buffer.alloc(-content.length & (BLOCK - 1)),
    );
  };
  for (const { path, text, mode = 0o644 } of entries) {
    const name = Buffer.from(path);
    if (name.length > MAX_NAME) put(LONG_NAME, Buffer.from('././@LongLink'), Buffer.concat([name, Buffer.alloc(1)]), 0);
    put(FILE, name.subarray(0, MAX_NAME), Buffer.from(text), mode);
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

interface Head {
  type: string;
  name: Buffer;
  size: number;
  mode: number;
  time: number;
}

function header({ type, name, size, mode, time }: Head): Buffer {
  const block = Buffer.alloc(BLOCK);
  const number = (value: number, at: number, width: number): void => {
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  };
  name.copy(block);
  number(mode & 0o777, 100, 8);
  number(0, 108, 8);
  number(0, 116, 8);
  number(size, 124, 12);
  number(Math.floor(time / 1000), 136, 12);
  block.write('        ', 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
