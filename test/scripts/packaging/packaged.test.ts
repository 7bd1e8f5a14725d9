import { equal } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { writeChecksums } from '../../../scripts/packaging/packaged.ts';

it('writes checksums of packages and of nothing else, in order', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'packaged-'));
  try {
    const names = [
      'ospain2-linux-x64-1.0.0.vsix',
      'ospain2-cli-linux-x64-1.0.0.tgz',
      'server.js',
      'OSPAiN2-Setup-1.0.0.exe',
    ];
    for (const name of names) await writeFile(path.join(folder, name), name);
    await writeChecksums(folder);
    const sum = (name: string) => `${createHash('sha256').update(name).digest('hex')}  ${name}\n`;
    equal(
      await readFile(path.join(folder, 'SHA256SUMS'), 'utf8'),
      ['OSPAiN2-Setup-1.0.0.exe', 'ospain2-cli-linux-x64-1.0.0.tgz', 'ospain2-linux-x64-1.0.0.vsix'].map(sum).join(''),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
