import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CodeMatch } from '../../protocol/index.ts';
import { jsonLines, ownWorkspace } from './command.ts';

const { cli, cwd } = ownWorkspace();

describe('the index from the command line', { timeout: 600_000 }, () => {
  it('finds code by what it is about', async () => {
    mkdirSync(join(cwd, 'lib'), { recursive: true });
    writeFileSync(join(cwd, 'lib/backoff.py'), 'def wait_before_retry(n):\n    base = 100\n    return base * 2 ** n\n');
    const found = await cli(['search', 'how long do we wait between retries?', '-n', '1']);
    assert.deepEqual([found.code, found.out], [0, 'lib/backoff.py:1  wait_before_retry  words\n']);
    const [line] = jsonLines((await cli(['--json', 'search', 'wait_before_retry'])).out);
    assert.equal(CodeMatch.parse(line?.['match']).path, 'lib/backoff.py');
    const nothing = await cli(['search', 'qqqq']);
    assert.deepEqual([nothing.code, nothing.out], [1, 'Nothing found.\n']);
  });

  it('says what is in it, and is made anew', async () => {
    const status = await cli(['index', 'status']);
    assert.match(
      status.out,
      /^\d+ files, \d+ definitions?, \d+ parts, \d+\.\d MB on disk\.\nNo search by meaning: no model has the alias embed\.\nBrought up to date /,
    );
    assert.match((await cli(['index', 'refresh', '--anew'])).out, /^(\d+) files read, \1 taken in, 0 gone\.\n/);
    assert.match((await cli(['index', 'refresh'])).out, /^0 files read, 0 taken in, 0 gone\.\n/);
  });
});
