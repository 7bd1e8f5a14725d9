/**
 * Makes what a person installs, with its bill of materials and checksums, in `dist/`: the extension of a platform, or with `--cli` the
 * command line alone; with `--all` both, of all platforms.
 *
 *   npm run package [-- --target linux-x64] [--cli | --all] [--check-reproducible]
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageCli } from './packaging/cliPackage.ts';
import { type Packaged, writeChecksums } from './packaging/packaged.ts';
import { checkReproducible } from './packaging/reproducible.ts';
import { sizeTable } from './packaging/sizeTable.ts';
import { hostName, targetNamed, targets } from './packaging/target.ts';
import { packageVsix } from './packaging/vsix.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', default: hostName },
      all: { type: 'boolean', default: false },
      cli: { type: 'boolean', default: false },
      'check-reproducible': { type: 'boolean', default: false },
    },
  });
  const { all, cli } = values;
  const made: Packaged[] = [];
  for (const target of all ? targets : [targetNamed(values.target)]) {
    if (all || !cli) made.push(report(await packageVsix(target)));
    if (all || cli) made.push(report(await packageCli(target)));
  }
  await writeChecksums();
  if (!values['check-reproducible']) return;
  const args = all ? ['--all'] : ['--target', values.target, ...(cli ? ['--cli'] : [])];
  await checkReproducible(
    args,
    made.flatMap(({ file }) => [file, `${file}.cdx.json`]),
  );
  process.stdout.write('made a second time elsewhere: the same bytes\n');
}

function report(packaged: Packaged): Packaged {
  const { file, bytes, entries } = packaged;
  const name = path.relative(process.cwd(), file);
  process.stdout.write(`${sizeTable(entries)}\n${name} ${(bytes / 1024 / 1024).toFixed(2)} MiB\n\n`);
  return packaged;
}

await main();
