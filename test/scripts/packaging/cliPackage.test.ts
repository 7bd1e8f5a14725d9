import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { packageCli } from '../../../scripts/packaging/cliPackage.ts';
import { nativeFiles } from '../../../scripts/packaging/nativeCheck.ts';
import { HEADER_BYTES, nativeKind } from '../../../scripts/packaging/nativeFile.ts';
import { hostName, targetNamed } from '../../../scripts/packaging/target.ts';
import { cyclonedxErrors } from '../../support/cyclonedx.ts';

const target = targetNamed(hostName);

/** As far as it is looked at. */
interface Component {
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly content: string }[];
  readonly components?: readonly Component[];
}

const sha256 = (data: Uint8Array | undefined): string =>
  createHash('sha256')
    .update(data ?? '')
    .digest('hex');

describe('the package of the command line', () => {
  let file = '';
  let entries: Awaited<ReturnType<typeof unpackTar>> = [];
  let folder = '';
  before(async () => {
    ({ file } = await packageCli(target));
    entries = await unpackTar(gunzipSync(await readFile(file)));
    folder = await mkdtemp(path.join(os.tmpdir(), 'cli-package-'));
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('holds what runs, and nothing of VS Code', () => {
    const names = new Set(entries.map(({ header }) => header.name));
    const programs = ['cli.js', 'server.js', 'worker.js', 'keyring.js', 'hub/index.html', 'NOTICES.txt'];
    for (const name of [...programs.map((one) => `dist/${one}`), ...nativeFiles(target), 'media/models/canary.gguf'])
      ok(names.has(`package/${name}`), name);
    const extra = /extension\.cjs|languageClient|\.(map|ts)$|\/l10n\/|walkthrough/;
    deepEqual(
      [...names].filter((name) => extra.test(name) && !name.startsWith('package/media/sample/')),
      [],
    );
  });

  it('says who it is for, and depends on nothing', () => {
    const manifest = JSON.parse(text('package/package.json'));
    deepEqual([manifest.os, manifest.cpu], [[target.os], [target.cpu]]);
    deepEqual(manifest.bin, { ospain2: 'dist/cli.js' });
    for (const key of ['dependencies', 'optionalDependencies', 'scripts', 'private', 'contributes'])
      ok(!(key in manifest), key);
  });

  it('lists in its bill of materials each package and native file that it holds, and no other', () => {
    const bill = text('package/dist/sbom.cdx.json');
    deepEqual(cyclonedxErrors(bill), []);
    const components: Component[] = JSON.parse(bill).components;
    const listed = components.filter(({ type }) => type === 'library').map(({ purl }) => purl);
    const copied = entries
      .filter(({ header: { name } }) => /\/node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(name))
      .map(({ header: { name } }) => JSON.parse(text(name)))
      .map((one: { name: string; version: string }) => `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`);
    ok(copied.length > 50);
    deepEqual(
      copied.filter((purl) => !listed.includes(purl)),
      [],
    );
    // One of each way in: server, command line, hub, service worker, styles, addons.
    for (const name of [
      'fastify',
      'commander',
      'react',
      'workbox-core',
      'tailwindcss',
      'better-sqlite3-multiple-ciphers',
    ])
      ok(
        listed.some((purl) => purl?.startsWith(`pkg:npm/${name}@`)),
        name,
      );
    // What only makes and tests it, and what only the extension has.
    for (const name of ['esbuild', 'typescript', 'mocha', 'vscode-languageclient'])
      ok(!listed.some((purl) => purl?.startsWith(`pkg:npm/${name}@`)), name);
    const inside = components.flatMap(({ components: parts = [] }) => parts.map(({ name }) => name));
    for (const name of ['llama.cpp', 'sqlite', 'sqlite3mc', 'ripgrep', 'tree-sitter', 'tree-sitter-rust'])
      ok(inside.includes(name), name);
    const hashes = components
      .filter(({ type }) => type === 'file')
      .map(({ name, hashes: [hash] = [] }) => [name, hash?.content]);
    const natives = entries
      .filter(({ data }) => nativeKind(Buffer.from(data ?? []).subarray(0, HEADER_BYTES)) !== undefined)
      .map(({ header, data }) => [header.name.slice('package/'.length), sha256(data)]);
    deepEqual(Object.fromEntries(hashes), Object.fromEntries(natives));
  });

  it('has the licence of all of it along', () => {
    const notices = text('package/dist/NOTICES.txt');
    const components: Component[] = JSON.parse(text('package/dist/sbom.cdx.json')).components;
    const libraries = components.filter(({ type }) => type === 'library');
    for (const { group, name, version, components: parts = [] } of libraries) {
      ok(notices.includes(`\n== ${group === undefined ? '' : `${group}/`}${name} ${version} (`), name);
      for (const part of parts) ok(notices.includes(`\n== ${part.name} `), part.name);
    }
    // No heading without a text.
    ok(!/^== .*\n+==/m.test(notices), notices.match(/^== .*\n+==/m)?.[0]);
  });

  it('has one time, one owner, and two modes', () => {
    const seen = new Set(entries.map(({ header: { mtime, uid, gid } }) => `${mtime?.getTime()} ${uid} ${gid}`));
    equal(seen.size, 1);
    const programs = entries.filter(({ header }) => header.mode === 0o755).map(({ header }) => header.name);
    ok(programs.includes('package/dist/cli.js'));
    ok(entries.every(({ header }) => header.mode === 0o644 || programs.includes(header.name)));
  });

  it('is installed by npm without a network, and runs', () => {
    const prefix = path.join(folder, 'a prefix');
    const npm = spawnSync(
      'npm',
      ['install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix, file],
      { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' },
    );
    equal(npm.status, 0, npm.stderr);
    const program = path.join(prefix, process.platform === 'win32' ? 'ospain2.cmd' : 'bin/ospain2');
    const { stdout, stderr } = spawnSync(process.execPath, [program, '--version'], { cwd: folder, encoding: 'utf8' });
    equal(stdout.trim(), JSON.parse(text('package/package.json')).version, stderr);
  });

  function text(name: string): string {
    const found = entries.find(({ header }) => header.name === name);
    ok(found?.data, name);
    return Buffer.from(found.data).toString();
  }
});
