import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { inRepository } from '../../../scripts/paths.ts';
import { icon, readPng, scaled, writePng } from '../../../scripts/windows/icon.ts';

const picture = readPng(readFileSync(inRepository('media/icons/ospain2-192.png')));

it('reads the pictures of the product, and writes what it reads', () => {
  assert.deepEqual([picture.width, picture.height, picture.pixels.length], [192, 192, 192 * 192 * 4]);
  assert.ok(picture.pixels.some((byte) => byte !== 0));
  assert.deepEqual(readPng(writePng(picture)), picture);
});

it('scales by what lies under each pixel, and lets what is transparent have no colour', () => {
  const red = [255, 0, 0, 255];
  const clear = [0, 255, 0, 0];
  const four = { width: 2, height: 2, pixels: Uint8Array.from([...red, ...clear, ...red, ...clear]) };
  assert.deepEqual([...scaled(four, 1).pixels], [255, 0, 0, 128]);
  assert.deepEqual(scaled({ ...four, pixels: scaled(four, 2).pixels }, 2), scaled(four, 2));
});

it('is an icon with every size as a picture of its own', () => {
  const file = icon(picture);
  assert.deepEqual([file.readUInt16LE(0), file.readUInt16LE(2), file.readUInt16LE(4)], [0, 1, 6]);
  const sizes = [0, 1, 2, 3, 4, 5].map((index) => {
    const entry = 6 + 16 * index;
    const [length, at] = [file.readUInt32LE(entry + 8), file.readUInt32LE(entry + 12)];
    const { width } = readPng(file.subarray(at, at + length));
    assert.equal(file[entry], width % 256);
    return width;
  });
  assert.deepEqual(sizes, [16, 24, 32, 48, 64, 256]);
});

it('refuses what is no such picture', () => {
  assert.throws(() => readPng(Buffer.from('GIF89a')), /no PNG/);
  const grey = writePng(picture);
  grey[25] = 0;
  assert.throws(() => readPng(grey), /8 bits a channel and alpha/);
});
