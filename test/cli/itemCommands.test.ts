import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Item, Task } from '../../protocol/index.ts';
import { jsonLines, ownWorkspace } from './command.ts';

describe('ospain2 item', { timeout: 600_000 }, () => {
  const { cli, cwd } = ownWorkspace();
  const items = async (...args: string[]) =>
    jsonLines((await cli(['--json', 'item', 'list', ...args])).out).map(({ item }) => Item.parse(item));

  it('plans, lists and changes', async () => {
    assert.match((await cli(['item', 'list'])).out, /^Nothing is planned\. Begin with: ospain2 item add/);
    const made = await cli(['item', 'add', '-H', 'now', '-e', '1h30', '--due', '2027-01-31', '-t', '#api', 'Ship it']);
    assert.deepEqual([made.code, made.out], [0, 'Item 1 (Ship it) is planned for now.\n'], made.err);
    await cli(['item', 'add', '--alone', '--after', '#1', '-e', '45min', 'Tell all']);
    const { out } = await cli(['item', 'list']);
    assert.match(
      out,
      /^# +estimate +due +state +title\nnow\n1 +1 h 30 min +2027-01-31 .* Ship it #api\nnext\n2 +45 min .* Tell all\n$/,
    );
    assert.equal((await cli(['item', 'change', '2', '--estimate', 'none', '--no-alone'])).code, 0);
    const [first, second] = await items();
    assert.deepEqual([second?.estimate, second?.needsPerson, second?.dependsOn], [null, true, [first?.id]]);
    assert.match((await cli(['item', 'change', '2', '--no-alone'])).out, /is so already/);
    assert.match((await cli(['item', 'move', '2', 'now', '--before', '1'])).out, /planned for now/);
    assert.deepEqual(
      (await items()).map(({ number }) => number),
      [2, 1],
    );
  });

  it('says what is done, and takes all of it back', async () => {
    assert.match((await cli(['item', 'done', '2'])).out, /^Item 2 \(Tell all\) is done\.$/m);
    assert.deepEqual(
      (await items('--done')).map(({ number }) => number),
      [2],
    );
    assert.match((await cli(['item', 'remove', '1'])).out, /^Removed\./);
    assert.equal((await cli(['item', 'undo'])).out, 'Taken back: the removal of “Ship it”.\n');
    assert.equal((await cli(['item', 'undo'])).out, 'Taken back: “done” of “Tell all”.\n');
    assert.equal((await cli(['item', 'redo'])).out, 'Done again: “done” of “Tell all”.\n');
    assert.match((await cli(['item', 'reopen', '2'])).out, /is open again/);
    assert.equal((await items()).length, 2);
  });

  it('starts a task, and says what fits tonight', async () => {
    const [line] = jsonLines((await cli(['--json', 'item', 'start', '1', '--kind', 'ask', '--detach'])).out);
    assert.equal(Task.parse(line?.['task']).instruction, 'Ship it');
    await cli(['item', 'change', '2', '--alone', '-e', '30', '--after', '1']);
    const blocked = await cli(['horizon', 'tonight', '--hours', '1']);
    assert.match(blocked.out, /^0 items of 0 min in 1 h\.$/m);
    assert.match(blocked.out, /^Left out: 1 wait for other items\.$/m);
    await cli(['item', 'done', '1']);
    const filled = await cli(['horizon', 'tonight', '--hours', '0.5', '--fill', '--at', '23:59']);
    assert.match(filled.out, /^1 item of 30 min in 30 min\.$/m, filled.err);
    assert.match((await cli(['schedule', 'list'])).out, /once, when idle .* Tell all/);
    assert.match((await cli(['item', 'list'])).out, /when idle +Tell all/);
  });

  it('compares weeks, and exports', async () => {
    await cli(['item', 'change', '2', '--due', 'today', '-e', '9h']);
    assert.match((await cli(['horizon', 'capacity', '6'])).out, /^There are 6 h in a week\.$/m);
    assert.match((await cli(['horizon', 'weeks', '-n', '1'])).out, /^\d{4}-\d\d-\d\d +9 h +6 h +150 % +1 /m);
    assert.match((await cli(['horizon', 'export'])).out, /^# Plan\n\n## Now\n\n- \[ \] 2\. Tell all/);
    assert.match((await cli(['horizon', 'export', 'plan.ics'])).out, /plan\.ics, as plain text\.$/m);
    assert.match(readFileSync(join(cwd, 'plan.ics'), 'utf8'), /^BEGIN:VCALENDAR\r\n[\s\S]*SUMMARY:Tell all\r\n/);
    const again = await cli(['horizon', 'export', 'plan.ics']);
    assert.deepEqual([again.code, again.out], [4, '']);
  });

  const misuses: [args: string[], exit: number, reason: RegExp][] = [
    [['item', 'add', ' '], 64, /needs a title/],
    [['item', 'add', '--due', 'soon', 'x'], 64, /"soon" is not a day/],
    [['item', 'add', '--estimate', 'long', 'x'], 64, /"long" is no time/],
    [['item', 'add', '-H', 'never', 'x'], 64, /Allowed choices are now, next, later, someday/],
    [['item', 'move', '1', 'soon'], 64, /Allowed choices/],
    [['item', 'done', '7'], 3, /no item "7"/],
    [['item', 'change', '2', '--after', '2'], 4, /wait for itself/],
    [['horizon', 'tonight', '--hours', 'all'], 64, /no number of hours/],
    [['horizon', 'capacity', '6', '--week', '2026-11-25'], 64, /no Monday/],
  ];
  for (const [args, exit, reason] of misuses)
    it(`${args.join(' ')} ends with ${exit}`, async () => {
      const ran = await cli(args);
      assert.deepEqual([ran.code, ran.out], [exit, '']);
      assert.match(ran.err, reason);
    });
});
