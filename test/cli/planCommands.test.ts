import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Plan, Task } from '../../protocol/index.ts';
import { jsonLines, ownWorkspace } from './command.ts';

const { cli } = ownWorkspace();

describe('a plan from the command line', { timeout: 600_000 }, () => {
  it('is shown, edited and started', async () => {
    const planned = await cli(['task', 'new', '--kind', 'plan', 'add a cache to the parser']);
    assert.equal(planned.code, 0, planned.err);
    const shown = await cli(['plan', 'show', '1']);
    assert.match(shown.out, /^1\. \S.*\n2\. .* \(after 1\)\n3\. .* \(after 2\)\n$/);
    const refused = await cli(['plan', 'edit', '#1', '-'], { input: '1. One (after 2)\n2. Two\n' });
    assert.match(refused.err, /^error\[invalid_params\]: Line 1 of the plan/);
    const edited = await cli(['plan', 'edit', '#1', '-'], { input: '# mine\n1. One\n2. Two\n3. Three (after 1, 2)\n' });
    assert.equal(edited.out, 'The plan has 3 parts. Start it: ospain2 plan start 1\n');
    await cli(['queue', 'pause']);
    const [line] = jsonLines((await cli(['--json', 'plan', 'start', '1'])).out);
    assert.equal(Plan.parse(line?.['plan']).status, 'started');
    const tasks = jsonLines((await cli(['--json', 'task', 'list'])).out).map(({ task }) => Task.parse(task));
    assert.deepEqual(
      tasks.map(({ number, instruction, status }) => [number, instruction, status]),
      [
        [4, 'Three', 'blocked'],
        [3, 'Two', 'pending'],
        [2, 'One', 'pending'],
        [1, 'add a cache to the parser', 'done'],
      ],
    );
    assert.match((await cli(['plan', 'start', '1'])).err, /^error\[wrong_state\]/);
    assert.match((await cli(['plan', 'show', '2'])).err, /^error\[not_found\]/);
    assert.match((await cli(['plan', 'edit', '1', 'no-such-file'])).err, /^error\[not_found\]/);
  });
});
