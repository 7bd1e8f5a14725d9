/**
 * Makes what a person installs: the extension of one platform, or of all of them, and the command line alone.
 *
 *   npm run package [-- --target linux-x64 | --all] [--cli | --vsix]
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageCli } from './packaging/cliPackage.ts';
import type { Packaged } from './packaging/packaged.ts';
import { sizeTable } from './packaging/sizeTable.ts';
import { hostName, targetNamed, targets } from './packaging/target.ts';
import { packageVsix } from './packaging/vsix.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', default: hostName },
      all: { type: 'boolean', default: false },
      cli: { type: 'boolean', default: false },
    },
  });
  const wanted = values.all ? targets : [targetNamed(values.target)];
  for (const target of wanted) {
    if (values.all || !values.cli) report(await packageVsix(target));
    if (values.all || values.cli) report(await packageCli(target));
  }
}

function report({ file, bytes, entries }: Packaged): void {
  const name = path.relative(process.cwd(), file);
  process.stdout.write(`${sizeTable(entries)}\n${name} ${(bytes / 1024 / 1024).toFixed(2)} MiB\n\n`);
}

await main();
