import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Approval, Remember } from '../../../protocol/index.ts';
import { type Approvals, createApprovals, type Question } from '../../../server/approvals/approvals.ts';
import type { Db } from '../../../server/storage/database.ts';
import type { Queue } from '../../../server/tasks/queue.ts';
import { openQueue, type QueueFixture } from '../tasks/queueFixture.ts';

const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };
const REASON = 'waits for your approval: run `npm test`';
const rule = { tool: 'run_command', command: 'npm test', does: 'allow' as const };
const question: Question = {
  kind: 'call',
  tool: 'run_command',
  summary: 'run `npm test`',
  text: 'npm test',
  reasons: ['It does not run in a sandbox.'],
  rules: [rule],
};

interface Server {
  approvals: Approvals;
  told: Approval[];
  remembered: [Remember, unknown][];
}

function serve(queue: Queue, db: Db, now: () => number): Server {
  const told: Approval[] = [];
  const remembered: [Remember, unknown][] = [];
  const approvals = createApprovals({
    audit() {},
    ...{ db, queue, now },
    remember: (scope, _task, rules) => remembered.push([scope, rules]),
    onChange: (approval) => told.push(approval),
  });
  return { approvals, told, remembered };
}

/** A task that was claimed, took a turn, and asks. */
function park({ queue, claim }: QueueFixture, { approvals }: Server, asked = question): Approval {
  const { task, fence } = claim();
  queue.emitMany(task.id, fence, [
    { type: 'turn', data: { turn: 1, text: 'x', usage } },
    { type: 'call', data: { turn: 1, tool: 'run_command', summary: asked.summary } },
  ]);
  let approval: Approval | undefined;
  const parked = queue.park(task.id, fence, REASON, () => {
    approval = approvals.ask(task, 1, asked);
    queue.emit(task.id, fence, 'approval', { id: approval.id, turn: 1, status: 'asked', summary: asked.summary });
    return true;
  });
  assert.ok(parked && approval);
  return approval;
}

test('a task waits for its answer without a worker, and goes on behind it', async () => {
  using fixture = await openQueue();
  const { queue, db, clock } = fixture;
  const server = serve(queue, db, () => clock.now);
  const { id } = fixture.ask({ maxAttempts: 1 });
  const { id: approvalId } = park(fixture, server);
  const parked = queue.get(id);
  assert.deepEqual([parked.status, parked.waits, parked.approval, parked.attempts], ['paused', REASON, approvalId, 0]);
  assert.equal(queue.claim('here', 1000), null);
  clock.now += 86_400_000 * 9;
  const answered = server.approvals.answer({ approvalId, answer: 'allow' });
  assert.deepEqual([answered.status, answered.answeredAt, answered.answer], ['allowed', clock.now, null]);
  assert.deepEqual([queue.get(id).status, queue.get(id).approval], ['pending', null]);
  assert.deepEqual(
    fixture.claim().history.map(({ type, data }) => (type === 'approval' ? data.status : type)),
    ['turn', 'call', 'asked', 'allowed'],
  );
  assert.deepEqual(
    server.told.map(({ status }) => status),
    ['open', 'allowed'],
  );
  assert.deepEqual(
    queue.steps(id).map(({ kind, summary }) => [kind, summary]),
    [
      ['turn', 'turn 1'],
      ['approval', 'asked: run `npm test`'],
    ],
  );
});

test('an answer is used once, whichever server gave it', async () => {
  using fixture = await openQueue();
  const { queue, db, clock } = fixture;
  const here = serve(queue, db, () => clock.now);
  const other = await fixture.another();
  const there = serve(other, other.db, () => clock.now);
  const { id } = fixture.ask();
  const { id: approvalId } = park(fixture, here);
  there.approvals.answer({ approvalId, answer: 'deny', text: ' Use make. ' });
  queue.poll();
  assert.deepEqual(
    here.told.map(({ status, answer }) => [status, answer]),
    [
      ['open', null],
      ['denied', ' Use make. '],
    ],
  );
  assert.throws(() => here.approvals.answer({ approvalId, answer: 'allow' }), { code: 'wrong_state' });
  assert.deepEqual([here.approvals.show(approvalId).status, queue.get(id).status], ['denied', 'pending']);
  assert.throws(() => db.prepare(`UPDATE approvals SET status = 'allowed'`).run(), /answered once/);
  assert.throws(() => db.prepare('DELETE FROM approvals').run(), /not deleted/);
});

test('the end of its task drops what it asked', async () => {
  using fixture = await openQueue();
  const { queue, db, clock } = fixture;
  const server = serve(queue, db, () => clock.now);
  const { id } = fixture.ask();
  const { id: approvalId } = park(fixture, server);
  // Another window opened meanwhile.
  const late = serve(queue, db, () => clock.now);
  queue.cancel(id);
  for (const { told } of [server, late]) assert.equal(told.at(-1)?.status, 'dropped');
  assert.throws(() => server.approvals.answer({ approvalId, answer: 'allow' }), {
    code: 'wrong_state',
    message: /has ended/,
  });
  assert.equal(queue.get(id).status, 'cancelled');
});

test('what a person does meanwhile stands', async () => {
  using fixture = await openQueue();
  const { queue, db, clock } = fixture;
  const server = serve(queue, db, () => clock.now);
  const { id } = fixture.ask();
  const { id: approvalId } = park(fixture, server);
  queue.resume(id);
  const { task, fence } = fixture.claim();
  // It is asked already, so it parks again behind the same question.
  assert.ok(queue.park(task.id, fence, REASON, () => server.approvals.show(approvalId).status === 'open'));
  assert.equal(queue.get(id).approval, approvalId);
  queue.resume(id);
  const again = fixture.claim();
  server.approvals.answer({ approvalId, answer: 'allow' });
  assert.ok(!queue.park(id, again.fence, REASON, () => server.approvals.show(approvalId).status === 'open'));
  assert.equal(queue.get(id).status, 'running', 'it was answered in that moment, so it goes on');
  queue.cancel(id);
  assert.ok(queue.park(id, again.fence, REASON, () => assert.fail('a cancelled task asks nothing')));
  assert.equal(queue.get(id).status, 'cancelled');
  assert.throws(() => queue.park(id, again.fence, REASON, () => true), { code: 'lease_lost' });
});

test('nothing of a question is kept when asking fails', async () => {
  using fixture = await openQueue();
  const { queue, db, clock } = fixture;
  const server = serve(queue, db, () => clock.now);
  fixture.ask();
  const { task, fence } = fixture.claim();
  const fail = () => {
    server.approvals.ask(task, 1, question);
    throw new Error('no');
  };
  assert.throws(() => queue.park(task.id, fence, REASON, fail), /no/);
  assert.deepEqual(server.approvals.list({ limit: 10 }), []);
  assert.equal(queue.get(task.id).status, 'running');
});

test('answers that do not fit are refused, and the question stays', async () => {
  using fixture = await openQueue();
  const { queue, db, clock } = fixture;
  const server = serve(queue, db, () => clock.now);
  const { approvals, remembered } = server;
  fixture.ask();
  const asked: Question = { ...question, kind: 'question', tool: 'ask_person', text: 'Which port?', rules: [] };
  const { id: approvalId } = park(fixture, server, asked);
  for (const text of [undefined, ''])
    assert.throws(() => approvals.answer({ approvalId, answer: 'allow', text }), { code: 'invalid_params' });
  assert.throws(() => approvals.answer({ approvalId, answer: 'deny', remember: 'user' }), { code: 'invalid_params' });
  assert.throws(() => approvals.answer({ approvalId: 99, answer: 'allow' }), { code: 'not_found' });
  assert.equal(approvals.show(approvalId).status, 'open');
  assert.equal(approvals.answer({ approvalId, answer: 'allow', text: '8080' }).status, 'answered');
  assert.deepEqual(remembered, []);
});

test('what is remembered is what was shown, with what was answered', async () => {
  using fixture = await openQueue();
  const { queue, db, clock } = fixture;
  const server = serve(queue, db, () => clock.now);
  const ask = (rules: Question['rules']) => {
    fixture.ask();
    return park(fixture, server, { ...question, rules }).id;
  };
  server.approvals.answer({ approvalId: ask([rule]), answer: 'allow', remember: 'task' });
  fixture.end(fixture.claim().task.id, 'cancelled');
  const two = ask([rule, { ...rule, command: 'make' }]);
  assert.throws(() => server.approvals.answer({ approvalId: two, answer: 'deny', remember: 'user' }), {
    code: 'invalid_params',
  });
  assert.deepEqual(server.remembered, [['task', [rule]]]);
  assert.deepEqual(
    server.approvals.list({ status: ['open'], limit: 10 }).map(({ id }) => id),
    [two],
  );
  server.approvals.answer({ approvalId: two, answer: 'deny' });
  assert.deepEqual(
    server.approvals.list({ limit: 1 }).map(({ status }) => status),
    ['denied'],
  );
});
