import { deepEqual, equal } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { HEADER_BYTES, nativeKind } from '../../../scripts/packaging/nativeFile.ts';
import { inRepository } from '../../../scripts/paths.ts';

it('tells the platform of every binary of the database by its header', () => {
  const found = globSync(inRepository('node_modules/better-sqlite3/prebuilds/*.node'));
  equal(found.length, 8);
  for (const file of found) {
    const [os, cpu] = path.basename(file, '.node').replace('linuxmusl', 'linux').split('-');
    deepEqual(nativeKind(readFileSync(file).subarray(0, HEADER_BYTES)), { os, cpu }, file);
  }
});

it('tells files that no operating system loads', () => {
  equal(nativeKind(Buffer.from('#!/usr/bin/env node\nimport "./main.js";\n')), undefined);
  equal(
    nativeKind(Buffer.from('MZ is how this text begins, and it is no program at all: no header follows.')),
    undefined,
  );
  equal(nativeKind(Buffer.alloc(3)), undefined);
  const javaClass = Buffer.alloc(64);
  javaClass.writeUInt32BE(0xcafebabe, 0);
  javaClass.writeUInt32BE(61, 4);
  equal(nativeKind(javaClass), undefined);
});

it('tells a Mach-O file for several processors, and a processor that it does not know', () => {
  const universal = Buffer.alloc(64);
  universal.writeUInt32BE(0xcafebabe, 0);
  universal.writeUInt32BE(2, 4);
  deepEqual(nativeKind(universal), { os: 'darwin', cpu: 'universal' });
  const riscv = Buffer.alloc(64);
  riscv.writeUInt32BE(0x7f454c46, 0);
  riscv[5] = 1;
  riscv.writeUInt16LE(243, 18);
  deepEqual(nativeKind(riscv), { os: 'linux', cpu: 'other' });
});
