/** Reads a ZIP file, such as a VSIX: enough for what vsce writes (stored or deflated, below 4 GiB, no encryption). */
import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly path: string;
  readonly bytes: number;
  /** What it takes in the ZIP file, in bytes. */
  readonly packedBytes: number;
  read(): Buffer;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;

export async function readZip(file: string): Promise<ZipEntry[]> {
  const zip = await readFile(file);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new Error(`${file} is not a ZIP file`);
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== CENTRAL) throw new Error(`${file} has a broken directory`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const nameEnd = at + 46 + (nameLength ?? 0);
    const path = zip.toString('utf8', at + 46, nameEnd);
    if (!path.endsWith('/')) entries.push(entry(zip, at, path));
    at = nameEnd + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return entries;
}

function entry(zip: Buffer, central: number, path: string): ZipEntry {
  const method = zip.readUInt16LE(central + 10);
  const packedBytes = zip.readUInt32LE(central + 20);
  const header = zip.readUInt32LE(central + 42);
  const read = () => {
    // The local header's name and extra fields may be of other lengths than the directory's.
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const packed = zip.subarray(start, start + packedBytes);
    if (method === 0) return Buffer.from(packed);
    if (method === 8) return inflateRawSync(packed);
    throw new Error(`${path} is packed by method ${method}, which is not known`);
  };
  return { path, bytes: zip.readUInt32LE(central + 24), packedBytes, read };
}
