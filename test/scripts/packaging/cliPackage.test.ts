import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { packageCli } from '../../../scripts/packaging/cliPackage.ts';
import { nativeFiles } from '../../../scripts/packaging/nativeCheck.ts';
import { hostName, targetNamed } from '../../../scripts/packaging/target.ts';

const target = targetNamed(hostName);

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
