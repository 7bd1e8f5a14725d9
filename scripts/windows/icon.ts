/** An icon of Windows out of a picture: the sizes that it shows, each as a PNG. Source: Microsoft, "Icons", and PNG 3rd edition. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of each pixel, not multiplied. */
  readonly pixels: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BYTES = 4;

/** Reads a PNG of 8 bits a channel, with alpha, not interlaced; throws for others. */
export function readPng(file: Buffer): Picture {
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new Error('the picture is no PNG');
  const chunks = [...chunksOf(file)];
  const head = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (head === undefined || head.subarray(8, 13).join() !== '8,6,0,0,0')
    throw new Error('the picture is not a PNG with 8 bits a channel and alpha');
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const lines = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  return { width, height, pixels: unfiltered(lines, width, height) };
}

function* chunksOf(file: Buffer): Generator<{ type: string; data: Buffer }> {
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    yield { type: file.toString('latin1', at + 4, at + 8), data: file.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

function unfiltered(lines: Buffer, width: number, height: number): Uint8Array {
  const stride = width * BYTES;
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < BYTES ? 0 : (pixels[at - BYTES] ?? 0);
      const above = y === 0 ? 0 : (pixels[at - stride] ?? 0);
      const corner = x < BYTES || y === 0 ? 0 : (pixels[at - stride - BYTES] ?? 0);
      pixels[at] = (lines[y * (stride + 1) + 1 + x] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return pixels;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const [toLeft, toAbove, toCorner] = [above - corner, left - corner, left + above - 2 * corner].map(Math.abs) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** The mean of what lies under each pixel, weighted by its part of it and by how opaque it is. */
export function scaled({ width, height, pixels }: Picture, size: number): Picture {
  const result = new Uint8Array(size * size * BYTES);
  const [stepX, stepY] = [width / size, height / size];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const sum = [0, 0, 0, 0];
      let area = 0;
      for (let sy = Math.floor(y * stepY); sy < (y + 1) * stepY; sy++)
        for (let sx = Math.floor(x * stepX); sx < (x + 1) * stepX; sx++) {
          const share =
            (Math.min(sx + 1, (x + 1) * stepX) - Math.max(sx, x * stepX)) *
            (Math.min(sy + 1, (y + 1) * stepY) - Math.max(sy, y * stepY));
          const at = (sy * width + sx) * BYTES;
          const alpha = (pixels[at + 3] ?? 0) * share;
          for (let channel = 0; channel < 3; channel++)
            sum[channel] = (sum[channel] ?? 0) + (pixels[at + channel] ?? 0) * alpha;
          sum[3] = (sum[3] ?? 0) + alpha;
          area += share;
        }
      const [red = 0, green = 0, blue = 0, alpha = 0] = sum;
      const colour = alpha === 0 ? [0, 0, 0] : [red / alpha, green / alpha, blue / alpha];
      result.set([...colour, alpha / area].map(Math.round), (y * size + x) * BYTES);
    }
  return { width: size, height: size, pixels: result };
}

export function writePng({ width, height, pixels }: Picture): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const stride = width * BYTES;
  const lines = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND'),
  ]);
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The sizes of Explorer, the taskbar and dialogs. */
const SIZES = [16, 24, 32, 48, 64, 256];

export function icon(picture: Picture): Buffer {
  const images = SIZES.map((size) => writePng(scaled(picture, size)));
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let at = head.length;
  for (const [index, image] of images.entries()) {
    const entry = 6 + 16 * index;
    // 0 stands for 256.
    head.set([(SIZES[index] ?? 0) % 256, (SIZES[index] ?? 0) % 256], entry);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(image.length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += image.length;
  }
  return Buffer.concat([head, ...images]);
}
