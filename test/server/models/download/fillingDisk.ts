/** Downloads onto a small disk that fills up, makes room, and goes on; prints what came of it. */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OspainError } from '../../../../protocol/index.ts';
import { loopbackServer } from '../../../support/loopback.ts';
import { get, serveFile, sha256Of, someBytes } from './workbench.ts';

const [disk = ''] = process.argv.slice(2);
const file = someBytes(600 * 1024);
await using server = await loopbackServer((request, response) => serveFile(request, response, file));
const filler = join(disk, 'filler');
writeFileSync(filler, Buffer.alloc(600 * 1024));
const wanted = { url: server.origin, into: disk, limits: { reserveBytes: 0 } };
const codeOf = (thrown: unknown) => OspainError.from(thrown).code;

const refused = await get(wanted).catch(codeOf);
// A disk can fill up after it was looked at.
const full = await get({ ...wanted, freeBytes: async () => Number.POSITIVE_INFINITY }).catch(codeOf);
const kept = statSync(join(disk, 'model.gguf.part')).size;
rmSync(filler);
const { result } = await get(wanted);
process.stdout.write(
  JSON.stringify({
    refused,
    full,
    kept: kept > 200_000,
    resumed: server.requests.at(-1)?.headers.range === `bytes=${kept}-`,
    right: result.sha256 === sha256Of(file),
  }),
);
