/*
 * The text of `reg export` and `reg import`, "Windows Registry Editor Version 5.00". It is exact for every value, which the output
 * of `reg query` is not: that one is cut, and loses what the console's code page does not have.
 */

/** `type` is the number of winnt.h, such as 1 for REG_SZ and 2 for REG_EXPAND_SZ; `bytes` are as they are stored. */
export interface RegistryValue {
  readonly type: number;
  readonly bytes: Buffer;
}

export const REG_SZ = 1;
export const REG_EXPAND_SZ = 2;
const REG_BINARY = 3;
const REG_DWORD = 4;

/** The values of each key, by the whole path of the key in small letters. The name of a default value is empty. */
export type RegistryKeys = Map<string, Map<string, RegistryValue>>;

/** Reads a file as `reg export` writes it: UTF-16 with a byte order mark. */
export function parseRegistryFile(file: Buffer): RegistryKeys {
  if (file.readUInt16LE(0) !== 0xfeff) throw new Error('the exported registry is not UTF-16');
  // A long value goes on after a backslash at the end of its line.
  const lines = file
    .toString('utf16le', 2)
    .replaceAll(/,\\\r?\n\s*/g, ',')
    .split(/\r?\n/);
  const keys: RegistryKeys = new Map();
  let values = new Map<string, RegistryValue>();
  for (const line of lines) {
    const key = /^\[(.*)\]$/.exec(line)?.[1];
    if (key !== undefined) {
      values = new Map();
      keys.set(key.toLowerCase(), values);
      continue;
    }
    const [, name, data] = /^(@|"(?:[^"\\]|\\.)*")=(.*)$/s.exec(line) ?? [];
    if (name === undefined || data === undefined) continue;
    const value = readValue(data);
    if (value !== undefined) values.set(name === '@' ? '' : plain(name), value);
  }
  return keys;
}

/** Undefined for what no other program writes either, such as a text with a line break: it is left alone. */
function readValue(data: string): RegistryValue | undefined {
  if (/^".*"$/s.test(data)) return textValue(REG_SZ, plain(data));
  const number = /^dword:([0-9a-f]{8})$/i.exec(data)?.[1];
  if (number !== undefined) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(Number.parseInt(number, 16));
    return { type: REG_DWORD, bytes };
  }
  const [, type, hex] = /^hex(?:\(([0-9a-f]+)\))?:([0-9a-f,\s]*)$/i.exec(data) ?? [];
  if (hex === undefined) return undefined;
  const bytes = Buffer.from(hex.replaceAll(/[,\s]/g, ''), 'hex');
  return { type: type === undefined ? REG_BINARY : Number.parseInt(type, 16), bytes };
}

const plain = (quoted: string): string => quoted.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** A text as it is stored, with the zero at its end. */
export const textValue = (type: number, text: string): RegistryValue => ({
  type,
  bytes: Buffer.from(`${text}\0`, 'utf16le'),
});

/** The text of a value, without the zeros at its end. */
export const textOf = ({ bytes }: RegistryValue): string => bytes.toString('utf16le').replace(/\0+$/, '');

/** A file for `reg import` that sets one value, or, with null, takes it away. Nothing else of the key is touched. */
export function registryFile(key: string, name: string, value: RegistryValue | null): Buffer {
  const data = value === null ? '-' : `hex(${value.type.toString(16)}):${hexBytes(value.bytes)}`;
  const text = `Windows Registry Editor Version 5.00\r\n\r\n[${key}]\r\n${quoted(name)}=${data}\r\n`;
  return Buffer.from(`\ufeff${text}`, 'utf16le');
}

const hexBytes = (bytes: Buffer): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(',');
