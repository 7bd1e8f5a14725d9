import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createMeter, type Progress } from '../../../../server/models/download/meter.ts';
import { openPart, pathsOf } from '../../../../server/models/download/partFile.ts';
import { addressOf } from '../../../../server/models/download/sidecar.ts';
import { onOwnDisk } from '../../../support/ownDisk.ts';
import { tempFolder } from '../../../support/temp.ts';
import { sha256Of, someBytes } from './workbench.ts';

const MB = 1024 * 1024;
const BOOTED = 1_000_000_000;
const wanted = addressOf(new URL('https://a.example/model.gguf'));
const file = someBytes(20 * MB);

describe('a part', () => {
  /** Written to 20 MB, of which 16 were synced, and then nothing more. */
  async function written(folder: string) {
    const paths = pathsOf(folder, 'model.gguf');
    await using part = await openPart(paths, wanted, BOOTED);
    await part.begin({ etag: '"one"', bytes: 30 * MB });
    for (let at = 0; at < file.length; at += MB) await part.write(file.subarray(at, at + MB));
    return paths;
  }

  it('is trusted to its end after the death of the process', async () => {
    using temp = tempFolder('part');
    const paths = await written(temp.path);
    await using part = await openPart(paths, wanted, BOOTED + 3000);
    assert.equal(part.position, 20 * MB);
    assert.equal(part.digest(), sha256Of(file));
    assert.equal(part.known.etag, '"one"');
  });

  it('is trusted as far as it was synced after the machine was started again', async () => {
    using temp = tempFolder('part');
    const paths = await written(temp.path);
    // A power cut can leave a file its length and take its content.
    writeFileSync(paths.part, Buffer.alloc(4 * MB), { flag: 'r+' });
    writeFileSync(paths.part, Buffer.concat([file.subarray(0, 16 * MB), Buffer.alloc(4 * MB)]));
    await using part = await openPart(paths, wanted, BOOTED + 60_000);
    assert.equal(part.position, 16 * MB);
    assert.equal(part.digest(), sha256Of(file.subarray(0, 16 * MB)));
  });

  it('that is longer than the file, or of which nothing is known, is begun again', async () => {
    for (const spoil of [
      ({ part }: { part: string }) => truncateSync(part, 31 * MB),
      ({ sidecar }: { sidecar: string }) => truncateSync(sidecar, 20),
      ({ sidecar }: { sidecar: string }) => writeFileSync(sidecar, '{"synced":-1}'),
    ]) {
      using temp = tempFolder('part');
      const paths = await written(temp.path);
      spoil(paths);
      await using part = await openPart(paths, wanted, BOOTED);
      assert.equal(part.position, 0);
      assert.equal(readFileSync(paths.part).length, 0);
    }
  });
});

it('a disk that fills up: said so, what came is kept, and it goes on when there is room', {
  skip: process.platform !== 'linux' && 'a disk of its own is mounted only on Linux',
}, () => {
  const program = fileURLToPath(new URL('fillingDisk.ts', import.meta.url));
  assert.deepEqual(onOwnDisk(program), {
    refused: 'storage_full',
    full: 'storage_full',
    kept: true,
    resumed: true,
    right: true,
  });
});

it('progress has the speed of the last seconds, and comes at most ten times a second', () => {
  let at = 0;
  const reports: Progress[] = [];
  const meter = createMeter(
    () => at,
    (progress) => reports.push(progress),
  );
  meter.begin(5000, 100_000);
  // 1,000 bytes every 50 ms for 10 s, then ten times as many.
  let received = 5000;
  for (; at < 10_000; received += 1000) {
    at += 50;
    meter.update(received + 1000, 1_000_000);
  }
  assert.equal(reports.length, 101);
  assert.deepEqual(reports.at(-1), { received, total: 1_000_000, bytesPerSecond: 20_000, etaMs: 39_750 });
  for (; at < 20_000; received += 10_000) {
    at += 50;
    meter.update(received + 10_000, undefined);
  }
  assert.deepEqual(reports.at(-1), { received, total: undefined, bytesPerSecond: 200_000, etaMs: undefined });
  at += 1;
  meter.end(received, received);
  assert.equal(reports.at(-1)?.etaMs, 0);
});
