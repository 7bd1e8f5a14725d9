import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { openWorks } from './worksFixture.ts';

test('the end of a task and the start of the next are one transaction', async () => {
  await using works = await openWorks();
  works.start(async () => 'ok', { concurrency: 1 });
  const [first, second] = [works.submit('first'), works.submit('second')];
  const seen: string[] = [];
  const stop = works.queue.listen(({ task }) => {
    if (task.id === first.id && task.status === 'done') seen.push(works.status(second.id));
  });
  await works.reaches(second.id, 'done');
  stop();
  assert.deepEqual(seen, ['running']);
});

test('tasks that end at one moment do so in one transaction, with the start of what comes next', async () => {
  await using works = await openWorks();
  works.start(async () => 'ok', { concurrency: 4 });
  const tasks = ['1', '2', '3', '4', '5', '6', '7', '8'].map((name) => works.submit(name));
  const seen: string[] = [];
  const stop = works.queue.listen(({ task }) => {
    if (seen.length === 0 && task.status === 'done') seen.push(...tasks.map(({ id }) => works.status(id)));
  });
  await Promise.all(tasks.map(({ id }) => works.reaches(id, 'done')));
  stop();
  assert.deepEqual(seen, [...Array(4).fill('done'), ...Array(4).fill('running')]);
});

test('of tasks that end at one moment, one that cannot keeps no other from it, nor from its last text', async () => {
  await using works = await openWorks();
  const lost = new Set<string>();
  works.start(
    async ({ task, text }) => {
      if (task.instruction === 'fails') {
        text(1, 'at once, ');
        text(1, 'later');
        throw new OspainError('task_failed', 'It did not work.');
      }
      if (task.instruction === 'lost' && !lost.has(task.id)) {
        lost.add(task.id);
        works.queue.release(task.id, 1);
      }
      return 'ok';
    },
    { concurrency: 3 },
  );
  const [fails, loses, ends] = [works.submit('fails'), works.submit('lost'), works.submit('ends')];
  await Promise.all([
    works.reaches(fails.id, 'failed'),
    works.reaches(ends.id, 'done'),
    works.reaches(loses.id, 'done'),
  ]);
  assert.deepEqual(works.types(fails.id), ['submitted', 'started', 'text', 'text', 'failed']);
  assert.deepEqual(works.types(ends.id), ['submitted', 'started', 'done']);
  assert.deepEqual(works.types(loses.id), ['submitted', 'started', 'retry', 'started', 'done']);
  assert.match(works.lines.join('\n'), /the lease was lost/);
});

test('an end is kept when the next task cannot be claimed', async () => {
  await using works = await openWorks();
  const broken = works.db.prepare("UPDATE tasks SET last_seq = 7 WHERE instr(payload, 'second') > 0");
  works.start(
    async () => {
      // The next number of its log is wrong now, so the event that it started is refused.
      broken.run();
      return 'ok';
    },
    { concurrency: 1 },
  );
  const [first, second] = [works.submit('first'), works.submit('second')];
  assert.equal((await works.reaches(first.id, 'done')).result, 'ok');
  assert.equal(works.status(second.id), 'pending');
});
