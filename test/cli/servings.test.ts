import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import { it } from 'node:test';
import { announceServing, endServings, listServings, servingsFolder } from '../../cli/servings.ts';
import { dataFolder } from '../../server/storage/dataFolder.ts';
import { tempFolder } from '../support/temp.ts';

const serving = (pid: number) => ({ pid, workspace: '/w', command: ['node', 'cli.js', 'serve'], service: true });
/** No system has a process of this number: it is above every limit. */
const NOBODY = 0x7fff_fffe;

it('is asked to end by taking its file away', { timeout: 20_000 }, async () => {
  using temp = tempFolder('servings');
  const folder = join(temp.path, 'serving');
  const one = announceServing(folder, serving(process.pid));
  assert.deepEqual(listServings(folder), [serving(process.pid)]);
  const left = await endServings(folder, listServings(folder), 0);
  assert.deepEqual(left, [serving(process.pid)], 'this process is still there');
  await one.ended;
  one.dispose();
  assert.deepEqual(readdirSync(folder), []);
});

it('forgets those that died, and files that are none', () => {
  using temp = tempFolder('servings');
  assert.deepEqual(listServings(join(temp.path, 'none')), []);
  mkdirSync(join(temp.path, 'serving'));
  for (const [name, text] of [
    [`${NOBODY}.json`, JSON.stringify(serving(NOBODY))],
    ['12.json', '{"pid":'],
    ['note.txt', ''],
  ] as const)
    writeFileSync(join(temp.path, 'serving', name), text);
  assert.deepEqual(listServings(join(temp.path, 'serving')), []);
  assert.deepEqual(readdirSync(join(temp.path, 'serving')), ['note.txt']);
  assert.ok(!existsSync(join(temp.path, 'serving', '12.json')));
});

it('is in the folder that the server keeps its data in, on every system', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const { join } = platform === 'win32' ? win32 : posix;
    const home = platform === 'win32' ? 'C:\\Users\\ö' : '/home/ö';
    const homes = platform === 'win32' ? { USERPROFILE: home } : { HOME: home };
    for (const env of [homes, { ...homes, LOCALAPPDATA: 'D:\\Local', XDG_DATA_HOME: '/data' }])
      assert.equal(servingsFolder(env, home, platform), join(dataFolder('/w', env, platform).root, 'serving'));
  }
  const env = { OSPAIN2_DATA_DIR: '/elsewhere' };
  assert.equal(servingsFolder(env, '/home/ö'), join(dataFolder('/w', env).root, 'serving'));
});
