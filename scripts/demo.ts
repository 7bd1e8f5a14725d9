/** npm run demo: builds the product, and then is `ospain2 demo`; arguments go to that. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './build.ts';
import { distFolder } from './paths.ts';

await ensureBuilt();
const args = [join(distFolder, 'cli.js'), 'demo', ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
