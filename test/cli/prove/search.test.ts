import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { plantTexts } from '../../../cli/prove/planted.ts';
import { createSearch } from '../../../cli/prove/search.ts';
import { tempFolder } from '../../support/temp.ts';

const NOTE = 'kzvwqpxjyhbnmrtfgdls';
const bytes = Buffer.from(`a note: ${NOTE}, and more`);

/** The head of a file in a zip (APPNOTE.TXT 4.3.7), as far as it is read. */
const zipHead = (name: string) => {
  const head = Buffer.alloc(30);
  head.write('PK\u0003\u0004', 'latin1');
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name)]);
};
const noise = Buffer.from(Array.from({ length: 999 }, (_, at) => (at * 73) % 251));
const amid = (inside: Buffer) => Buffer.concat([noise, inside, noise]);
const utf16 = Buffer.from(bytes.toString(), 'utf16le');

const written: Record<string, [content: Buffer, what: string]> = {
  plain: [amid(bytes), 'note, UTF-8'],
  wide: [amid(utf16), 'note, UTF-16'],
  wideBig: [amid(Buffer.from(utf16).swap16()), 'note, UTF-16 BE'],
  tokens: [amid(Buffer.from(Int32Array.from(bytes).buffer)), 'note, UTF-32'],
  hex: [amid(Buffer.from(bytes.toString('hex'))), 'note, hexadecimal'],
  bigHex: [amid(Buffer.from(bytes.toString('hex').toUpperCase())), 'note, hexadecimal'],
  ...Object.fromEntries(
    [0, 1, 2].map((shift) => [
      `base64 ${shift}`,
      [amid(Buffer.from(Buffer.concat([Buffer.alloc(shift, 'x'), bytes]).toString('base64'))), 'note, base64'],
    ]),
  ),
  gzip: [amid(gzipSync(bytes)), 'note, UTF-8, packed'],
  zlib: [amid(deflateSync(bytes)), 'note, UTF-8, packed'],
  zstd: [amid(zstdCompressSync(bytes)), 'note, UTF-8, packed'],
  zip: [amid(Buffer.concat([zipHead('a.txt'), deflateRawSync(bytes)])), 'note, UTF-8, packed'],
  [`named-${NOTE}`]: [noise, 'note, UTF-8, in a name'],
};

it('finds a text in every form that it knows, in files, names and what is packed, and nothing that is not there', () => {
  using folder = tempFolder('search');
  mkdirSync(join(folder.path, 'a/b'), { recursive: true });
  for (const [name, [content]] of Object.entries(written)) writeFileSync(join(folder.path, 'a/b', name), content);
  writeFileSync(join(folder.path, 'clean'), noise);
  const search = createSearch({ note: NOTE, other: 'wwwwwwwwwwqqqqqqqqqq' });
  search.folder(folder.path);
  const found = search.done.found.map(({ path, what }) => `${path} ${what}`);
  // Some forms hold others: a text in UTF-16 is one of the other order, shifted.
  for (const [name, [, what]] of Object.entries(written)) {
    const expected = `${join(folder.path, 'a/b', name)} ${what}`;
    assert.ok(found.includes(expected), expected);
  }
  assert.deepEqual(
    found.filter((line) => line.includes('clean') || line.includes(' other')),
    [],
  );
  assert.equal(search.done.files, Object.keys(written).length + 1);
  assert.ok(search.done.bytes > 20_000);
});

it('leaves out what it is told to, and what did not change since', () => {
  using folder = tempFolder('search');
  for (const name of ['model', 'note']) writeFileSync(join(folder.path, name), bytes);
  const search = createSearch({ note: NOTE });
  search.folder(folder.path, { skip: [join(folder.path, 'model')] });
  assert.deepEqual(search.done.found, [{ path: join(folder.path, 'note'), what: 'note, UTF-8' }]);
  search.folder(folder.path, { since: Date.now() + 60_000 });
  assert.equal(search.done.found.length, 1);
});

it('plants texts that nobody wrote before, each of them another', () => {
  const [one, other] = [plantTexts(), plantTexts()];
  assert.equal(new Set([...Object.values(one), ...Object.values(other)]).size, 16);
  assert.match(one.constant, /^[A-Z]{10}_MAX$/);
});
