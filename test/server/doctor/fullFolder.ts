/** What the doctor says of an empty and of a full disk: run by `place.test.ts`. */
import { statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFolder } from '../../../server/doctor/place.ts';

const disk = process.argv[2] ?? '';
const root = join(disk, 'data');
const empty = checkFolder({ root });
const { bavail, bsize } = statfsSync(disk);
writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize));
console.log(JSON.stringify({ empty, full: checkFolder({ root }) }));
