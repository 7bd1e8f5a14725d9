import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseSetting } from '../../cli/demoProgram.ts';
import { Task } from '../../protocol/index.ts';
import { tempFolder } from '../support/temp.ts';
import { jsonLines, ownWorkspace } from './command.ts';

describe('ospain2 demo', { timeout: 120_000 }, () => {
  const { cli, env } = ownWorkspace();

  it('does its tasks with the embedded model, whatever models there are, and leaves nothing behind', async () => {
    using temp = tempFolder('demo');
    const places = { TMPDIR: temp.path, TEMP: temp.path, TMP: temp.path };
    const { code, out, err } = await cli(['demo'], {
      env: { ...env, ...places, OSPAIN2_MODELS: '/no/such/model.gguf' },
    });
    assert.equal(code, 0, out + err);
    assert.match(out, /^model {5}canary /m);
    assert.match(out, /^ +\+export const RETRY_MAX = 5;$/m);
    assert.match(out, /^4 of 4 tasks ended as they should\.$/m);
    assert.deepEqual(
      readdirSync(temp.path).filter((name) => name.startsWith('ospain2-demo-')),
      [],
    );
  });

  it('tells programs the tasks and what they come to', async () => {
    const { code, out } = await cli(['demo', '--json', '--set', 'threads=1']);
    assert.equal(code, 0);
    const lines = jsonLines(out);
    assert.deepEqual(lines.at(-1), { demo: { right: 4, of: 4, strays: [] } });
    const tasks = lines.flatMap(({ task }) => (task === undefined ? [] : [Task.parse(task)]));
    assert.deepEqual(
      tasks.map(({ status }) => status),
      ['done', 'done', 'done', 'failed'],
    );
  });

  it('runs the workers where it is told to', async () => {
    const { code, err } = await cli(['demo'], { env: { ...env, OSPAIN2_WORKERS: 'nowhere' } });
    assert.deepEqual([code, err.split(':')[0]], [64, 'error[invalid_params]']);
  });

  it('refuses a setting that the server does not know', async () => {
    for (const setting of ['threds=1', 'threads=many', 'no value']) {
      const { code, err } = await cli(['demo', '--set', setting]);
      assert.equal(code, 64, err);
      assert.match(err, /^error\[invalid_params\]/);
    }
  });
});

describe('parseSetting', () => {
  it('takes JSON or text, into groups too', () => {
    const one = parseSetting('workers.runtime=container', {});
    assert.deepEqual(parseSetting('workers.count=2', parseSetting('threads=1', one)), {
      workers: { runtime: 'container', count: 2 },
      threads: 1,
    });
  });
});
