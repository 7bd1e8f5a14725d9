import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { taskIdOf } from '../../../server/schedules/scheduleRow.ts';
import { DAY, every, HOUR, ledger, MINUTE, openWorkspace, params, runs, START, taskIds } from './fixture.ts';

const hasCode = (code: string) => (thrown: unknown) => thrown instanceof OspainError && thrown.code === code;

describe('schedules', { timeout: 120_000 }, () => {
  it('submit a task at one time, once', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    const made = server.schedules.create(params({ when: { at: START + 90_000 } }));
    server.wake();
    assert.deepEqual([made.number, made.enabled, made.nextAt], [1, true, START + 90_000]);
    await workspace.time.pass(89_999);
    assert.deepEqual(taskIds(server), []);
    await workspace.time.pass(1);
    const [task] = server.queue.list({ limit: 10 }).tasks;
    assert.deepEqual([task?.instruction, task?.kind, task?.createdAt], ['Tidy up.', 'ask', START + 90_000]);
    await workspace.time.pass(DAY);
    assert.deepEqual(runs(server.schedules, '1'), [
      {
        ...{ scheduleId: made.id, dueAt: START + 90_000, outcome: 'submitted' },
        ...{ taskId: task?.id, at: START + 90_000, reason: null },
      },
    ]);
    const after = { ...made, nextAt: null, lastAt: START + 90_000 };
    assert.deepEqual(server.schedules.list(), [after]);
    assert.deepEqual(server.told, [made, after]);
  });

  it('submit their task when somebody asks, once however often that is heard', async () => {
    await using workspace = await openWorkspace();
    const [server, other] = [await workspace.server(), await workspace.server()];
    server.start();
    const { id } = server.schedules.create(params({ when: every('*/20 * * * *'), conditions: ['mains'] }));
    server.schedules.enable('1', false);
    const taskId = randomUUID();
    const { run, task } = server.schedules.run('1', taskId);
    const told = { scheduleId: id, dueAt: START - 1, outcome: 'submitted', taskId, at: START };
    assert.deepEqual(run, { ...told, reason: 'Somebody asked for it.' });
    assert.deepEqual([task.id, task.instruction, task.kind], [taskId, 'Tidy up.', 'ask']);
    await workspace.time.pass(MINUTE);
    assert.deepEqual(other.schedules.run(id, taskId), { run, task });
    assert.equal(server.schedules.list()[0]?.lastAt, START);
    const again = [other.schedules.run(id), server.schedules.run(id)].map(({ run: { dueAt } }) => dueAt - START);
    assert.deepEqual(again, [MINUTE, MINUTE - 1]);
    assert.equal(taskIds(server).length, 3);
  });

  it('do not lose a due time to one that somebody asked for', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    const { id } = server.schedules.create(params({ when: every('*/20 * * * *'), misfire: 'all' }));
    await workspace.time.pass(HOUR);
    server.schedules.run(id);
    server.start();
    await workspace.time.pass(MINUTE);
    const [first = '', second = '', third = '', ...rest] = ledger(server.schedules, '1');
    assert.deepEqual([first, second, rest], ['20 submitted', '40 submitted', ['60 submitted']]);
    assert.match(third, /^59\.9\d* submitted$/);
  });

  it('refuse to run what is not theirs, and write nothing', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    for (const when of [every('1 * * * *'), every('2 * * * *')]) server.schedules.create(params({ when }));
    const { task } = server.schedules.run('1');
    assert.throws(() => server.schedules.run('2', task.id), hasCode('conflict'));
    const mine = server.queue.submit({ kind: 'ask', instruction: 'Mine.', model: 'default', autoAccept: 'none' });
    assert.throws(() => server.schedules.run('2', mine.id), hasCode('conflict'));
    server.schedules.remove('2');
    assert.throws(() => server.schedules.run('2'), hasCode('not_found'));
    assert.deepEqual([runs(server.schedules, '2'), taskIds(server).length], [[], 2]);
  });

  it('submit a task whenever an expression is due', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    server.schedules.create(params({ when: every('*/20 * * * *') }));
    await workspace.time.pass(HOUR);
    assert.deepEqual(ledger(server.schedules, '1'), ['20 submitted', '40 submitted', '60 submitted']);
    assert.equal(workspace.time.waiting(), 1, 'one timer, for what is next');
    await server.stop();
    assert.equal(workspace.time.waiting(), 0);
    await workspace.time.pass(HOUR);
    assert.equal(taskIds(server).length, 3);
  });

  it('have a policy for what nobody was there for', async () => {
    await using workspace = await openWorkspace();
    const before = await workspace.server();
    for (const misfire of ['skip', 'once', 'all'] as const)
      before.schedules.create(params({ when: every('*/30 * * * *'), misfire }));
    await workspace.time.pass(2 * HOUR + 10 * MINUTE);
    const server = await workspace.server();
    server.start();
    await workspace.time.pass(20 * MINUTE);
    const on = '150 submitted';
    assert.deepEqual(ledger(server.schedules, '1'), ['30 skipped', '60 skipped', '90 skipped', '120 skipped', on]);
    assert.deepEqual(ledger(server.schedules, '2'), ['30 merged', '60 merged', '90 merged', '120 submitted', on]);
    assert.deepEqual(ledger(server.schedules, '3'), [
      ...['30', '60', '90', '120'].map((due) => `${due} submitted`),
      on,
    ]);
    assert.match(runs(server.schedules, '1')[0]?.reason ?? '', /^No server ran at the time/);
    assert.match(runs(server.schedules, '2')[0]?.reason ?? '', /A later due time runs for it\.$/);
  });

  it('catch up on no more than 100, in pieces, and say so of each of the others', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.schedules.create(params({ when: every('* * * * *'), misfire: 'all' }));
    await workspace.time.pass(500 * MINUTE);
    assert.equal(server.schedules.settle().more, true, 'other requests get their turn in between');
    server.start();
    await workspace.time.pass(1);
    const outcomes = runs(server.schedules, '1').map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, [...Array(400).fill('merged'), ...Array(100).fill('submitted')]);
    assert.equal(new Set(taskIds(server)).size, 100);
  });

  it('are worked by two servers without doing a thing twice', async () => {
    await using workspace = await openWorkspace();
    const [one, two] = [await workspace.server(), await workspace.server()];
    one.start();
    two.start();
    const { id } = one.schedules.create(params({ when: every('*/10 * * * *') }));
    await workspace.time.pass(30 * MINUTE);
    assert.deepEqual(ledger(two.schedules, id), ['10 submitted', '20 submitted', '30 submitted']);
    const expected = [30, 20, 10].map((due) => taskIdOf(id, START + due * MINUTE));
    assert.deepEqual([taskIds(one), taskIds(two)], [expected, expected]);
    assert.deepEqual(two.told.at(-1), one.told.at(-1), 'clients of both know the same');
  });

  it('do nothing twice even when the next due time is wrong: the ledger decides', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    server.schedules.create(params({ when: every('*/10 * * * *'), misfire: 'all' }));
    await workspace.time.pass(25 * MINUTE);
    server.db.prepare('UPDATE schedules SET next_at = ?').run(START + 10 * MINUTE);
    await workspace.time.pass(10 * MINUTE);
    assert.deepEqual(ledger(server.schedules, '1'), ['10 submitted', '20 submitted', '30 submitted']);
    assert.equal(taskIds(server).length, 3);
    assert.throws(() => server.db.prepare('DELETE FROM schedule_runs').run(), /append-only/);
    assert.throws(
      () => server.db.prepare("UPDATE schedule_runs SET outcome = 'skipped', task_id = NULL").run(),
      /once/,
    );
  });

  it('do nothing twice when the clock is set back', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    server.schedules.create(params({ when: every('*/30 * * * *'), misfire: 'all' }));
    await workspace.time.pass(2 * HOUR);
    workspace.jump(-HOUR);
    await workspace.time.pass(2 * HOUR);
    assert.deepEqual(
      ledger(server.schedules, '1'),
      [30, 60, 90, 120, 150, 180].map((due) => `${due} submitted`),
    );
    // Off and on again it begins behind what the ledger holds, whatever the clock says.
    workspace.jump(-HOUR);
    server.schedules.enable('1', false);
    assert.equal(server.schedules.enable('1', true).nextAt, START + 210 * MINUTE);
  });

  it('notice within a minute that the clock went forward or the machine slept', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    server.schedules.create(params({ when: every('0 * * * *') }));
    await workspace.time.pass(1);
    workspace.jump(5 * HOUR);
    await workspace.time.pass(MINUTE);
    assert.deepEqual(ledger(server.schedules, '1'), [
      '60 merged',
      '120 merged',
      '180 merged',
      '240 merged',
      '300 submitted',
    ]);
  });

  it('wait for their conditions, also over a restart', async () => {
    await using workspace = await openWorkspace();
    const first = await workspace.server();
    first.start();
    workspace.holds.mains = false;
    first.schedules.create(params({ when: { at: START + HOUR }, conditions: ['mains', 'idle'] }));
    await workspace.time.pass(2 * HOUR);
    assert.deepEqual(ledger(first.schedules, '1'), ['60 waiting']);
    assert.match(runs(first.schedules, '1')[0]?.reason ?? '', /waits until the machine is idle and on mains power/);
    await first.stop();
    Object.assign(workspace.holds, { idle: false, mains: true });
    const second = await workspace.server();
    second.start();
    await workspace.time.pass(HOUR);
    assert.deepEqual(taskIds(second), [], 'one of two is not enough');
    workspace.holds.idle = true;
    await workspace.time.pass(MINUTE);
    assert.deepEqual(ledger(second.schedules, '1'), ['60 submitted']);
    assert.equal(second.schedules.list()[0]?.lastAt, START + 3 * HOUR + MINUTE);
  });

  it('do not pile up while they wait, but for those that run each', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    workspace.holds.idle = false;
    for (const misfire of ['once', 'all'] as const)
      server.schedules.create(params({ when: every('0 * * * *'), conditions: ['idle'], misfire }));
    await workspace.time.pass(3 * HOUR);
    assert.deepEqual(ledger(server.schedules, '1'), ['60 merged', '120 merged', '180 waiting']);
    assert.deepEqual(ledger(server.schedules, '2'), ['60 waiting', '120 waiting', '180 waiting']);
    workspace.holds.idle = true;
    await workspace.time.pass(MINUTE);
    assert.equal(taskIds(server).length, 4);
  });

  it('owe nothing while they are off', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    workspace.holds.idle = false;
    server.schedules.create(params({ when: every('0 * * * *'), misfire: 'all', conditions: ['idle'] }));
    await workspace.time.pass(HOUR);
    const off = server.schedules.enable('1', false);
    assert.deepEqual([off.enabled, off.nextAt], [false, null]);
    assert.deepEqual(server.told.at(-1), off);
    workspace.holds.idle = true;
    await workspace.time.pass(3 * HOUR);
    assert.equal(server.schedules.enable('1', true).nextAt, START + 5 * HOUR);
    await workspace.time.pass(HOUR);
    assert.deepEqual(ledger(server.schedules, '1'), ['60 skipped', '300 submitted']);
    assert.equal(runs(server.schedules, '1')[0]?.reason, 'The schedule was switched off.');
  });

  it('answer for what was due before they were switched off unnoticed', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.schedules.create(params({ when: every('* * * * *') }));
    await workspace.time.pass(300 * MINUTE);
    server.schedules.enable('1', false);
    await workspace.time.pass(10 * MINUTE);
    server.start();
    await workspace.time.pass(MINUTE);
    assert.deepEqual(
      ledger(server.schedules, '1'),
      Array.from({ length: 300 }, (_, index) => `${index + 1} skipped`),
    );
  });

  it('leave their ledger behind', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    const { id } = server.schedules.create(params({ when: every('0 * * * *') }));
    await workspace.time.pass(HOUR);
    server.schedules.remove('1');
    assert.equal(server.told.at(-1), id);
    assert.deepEqual(server.schedules.list(), []);
    assert.throws(() => server.schedules.enable('1', true), hasCode('not_found'));
    assert.throws(() => server.schedules.remove(id), hasCode('not_found'));
    await workspace.time.pass(3 * HOUR);
    assert.deepEqual(ledger(server.schedules, '1'), ['60 submitted']);
    assert.equal(server.schedules.create(params({ when: every('0 * * * *') })).number, 2, 'a number is never reused');
  });

  it('are made once for one id', async () => {
    await using workspace = await openWorkspace();
    const { schedules, told } = await workspace.server();
    const id = randomUUID();
    const wanted = params({ id, when: { at: START + HOUR }, conditions: ['mains', 'idle'] });
    const made = schedules.create(wanted);
    await workspace.time.pass(2 * HOUR);
    assert.deepEqual(
      schedules.create({ ...wanted, conditions: ['idle', 'mains'] }),
      made,
      'also when its time has passed',
    );
    assert.throws(() => schedules.create({ ...wanted, misfire: 'all' }), hasCode('conflict'));
    assert.throws(() => schedules.create({ ...wanted, when: every('0 * * * *') }), hasCode('conflict'));
    assert.throws(() => schedules.create(params({ when: { at: START } })), hasCode('invalid_params'));
    assert.deepEqual([schedules.list(), told], [[made], [made]]);
    assert.throws(() => schedules.runs('7', 10), hasCode('not_found'));
  });

  it('submit to a paused queue, where the tasks wait', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    server.schedules.create(params({ when: { at: START + HOUR } }));
    server.queue.setPaused(true);
    await workspace.time.pass(HOUR);
    assert.deepEqual(ledger(server.schedules, '1'), ['60 submitted']);
    assert.equal(server.queue.claim('here', MINUTE), null);
  });

  it('write down what the queue refuses', async () => {
    await using workspace = await openWorkspace();
    const server = await workspace.server();
    server.start();
    const { id } = server.schedules.create(params({ when: { at: START + HOUR } }));
    const { template } = params({ when: { at: START + HOUR } });
    const stranger = { dependsOn: [], priority: 0, notBefore: 0, maxAttempts: 3 };
    server.queue.submit({ ...template, ...stranger, instruction: 'Other.', id: taskIdOf(id, START + HOUR) });
    await workspace.time.pass(2 * HOUR);
    const [run] = runs(server.schedules, id);
    assert.deepEqual([run?.outcome, run?.taskId], ['refused', null]);
    assert.match(run?.reason ?? '', /belongs to a task that asks for something else/);
  });

  it('write neither row nor task while the disk is full, and both afterwards', async () => {
    await using workspace = await openWorkspace();
    let full = true;
    const server = await workspace.server({
      queue: (queue) => ({
        ...queue,
        submit(task) {
          const made = queue.submit(task);
          if (full) throw new OspainError('storage_full', 'The disk is full.');
          return made;
        },
      }),
    });
    server.start();
    server.schedules.create(params({ when: every('0 * * * *') }));
    await workspace.time.pass(HOUR + MINUTE);
    assert.deepEqual([ledger(server.schedules, '1'), taskIds(server)], [[], []]);
    assert.match(server.lines.join('\n'), /^schedules were not dealt with: storage_full$/m);
    full = false;
    await workspace.time.pass(5000);
    assert.deepEqual(ledger(server.schedules, '1'), ['60 submitted']);
    assert.equal(taskIds(server).length, 1);
  });

  it('hold no timer and no database when they are stopped while a condition is asked', async () => {
    await using workspace = await openWorkspace();
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<ReadonlySet<'idle' | 'mains'>>();
    const server = await workspace.server({
      conditions: {
        holding() {
          asked.resolve();
          return answer.promise;
        },
      },
    });
    server.start();
    server.schedules.create(params({ when: { at: START + 1000 }, conditions: ['mains'] }));
    server.wake();
    await workspace.time.pass(1000);
    await asked.promise;
    const stopped = server.stop();
    answer.resolve(new Set(['mains']));
    await stopped;
    assert.equal(workspace.time.waiting(), 0);
    assert.deepEqual(
      ledger(server.schedules, '1').map((line) => line.split(' ')[1]),
      ['waiting'],
    );
  });
});
