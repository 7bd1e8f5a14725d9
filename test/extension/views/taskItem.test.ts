import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taskLook } from '../../../extension/views/taskItem.ts';
import type { Task } from '../../../protocol/tasks.ts';
import { taskWith } from '../task.ts';

const look = (some: Partial<Task>) => taskLook(taskWith(some), (at) => `${at}`);
const error = { code: 'worker_failed', message: 'The worker ended.', hint: 'Try again.' } as const;

const rows: [Partial<Task>, { description: string; icon: string; contextValue: string }][] = [
  [{ status: 'pending' }, { description: 'waiting', icon: 'circle-outline', contextValue: 'task.pending' }],
  [
    { status: 'pending', waits: 'waits for memory: needs 5.1 GB, 3.2 free' },
    {
      description: 'waits for memory: needs 5.1 GB, 3.2 free',
      icon: 'circle-outline',
      contextValue: 'task.pending',
    },
  ],
  [
    { status: 'delayed', error, waits: 'retries at 14:05' },
    { description: 'retries at 14:05 · The worker ended.', icon: 'clock', contextValue: 'task.delayed' },
  ],
  [
    { status: 'blocked', waits: 'waits for #3' },
    { description: 'waits for #3', icon: 'lock', contextValue: 'task.blocked' },
  ],
  [
    { status: 'paused', waits: 'paused by a person' },
    { description: 'paused by a person', icon: 'debug-pause', contextValue: 'task.paused' },
  ],
  [
    { status: 'running', attempts: 2, children: { total: 5, ended: 2 }, progress: 'reads a.ts' },
    {
      description: 'running · attempt 2 of 3 · 2 of 5 parts ended · reads a.ts',
      icon: 'sync~spin',
      contextValue: 'task.running',
    },
  ],
  [
    { status: 'failed', dead: true, error },
    { description: 'dead letter · The worker ended.', icon: 'error', contextValue: 'task.failed.dead' },
  ],
  [
    { status: 'running', progress: 'reads src/limits.ts' },
    { description: 'running · reads src/limits.ts', icon: 'sync~spin', contextValue: 'task.running' },
  ],
  [
    { status: 'done', result: 'It clamps.\nMore.' },
    { description: 'done · It clamps.', icon: 'pass-filled', contextValue: 'task.done' },
  ],
  [
    { status: 'done', result: 'Changed it.', proposal: 'open' },
    { description: 'to review · Changed it.', icon: 'git-pull-request', contextValue: 'task.done.proposal.open' },
  ],
  [
    { status: 'done', proposal: 'accepted' },
    { description: 'accepted', icon: 'pass-filled', contextValue: 'task.done.proposal.accepted' },
  ],
  [
    { status: 'done', proposal: 'rejected' },
    { description: 'rejected', icon: 'close', contextValue: 'task.done.proposal.rejected' },
  ],
  [
    { status: 'done', proposal: 'undone' },
    { description: 'undone', icon: 'discard', contextValue: 'task.done.proposal.undone' },
  ],
  [
    { status: 'failed', error },
    { description: 'failed · The worker ended.', icon: 'error', contextValue: 'task.failed' },
  ],
  [{ status: 'cancelled' }, { description: 'cancelled', icon: 'circle-slash', contextValue: 'task.cancelled' }],
];

for (const [some, expected] of rows)
  test(`a row that is ${expected.description}`, () => {
    const { description, icon, contextValue, spoken } = look(some);
    assert.deepEqual({ description, icon: icon.id, contextValue }, expected);
    // Nobody has to see a colour or an icon to know the state.
    assert.ok(spoken.includes(description.split(' · ')[0] ?? ''), spoken);
    if (some.waits !== undefined) assert.ok(spoken.includes(some.status ?? ''), spoken);
  });

test('the label is the number and one line of the instruction', () => {
  assert.equal(look({ number: 12, instruction: 'First line\nsecond' }).label, '#12 First line');
  assert.equal(look({ instruction: 'x'.repeat(200) }).label.length, 83);
});

test('what a person or a model wrote does nothing in the tooltip', () => {
  const { tooltip } = look({
    instruction: '[click](command:evil) <img src=x> `code` **bold** $(icon)',
    error,
    status: 'failed',
  });
  assert.ok(
    tooltip.includes('\\[click\\]\\(command:evil\\) \\<img src=x\\> \\`code\\` \\*\\*bold\\*\\* \\$\\(icon\\)'),
    tooltip,
  );
  assert.ok(tooltip.includes('Try again'));
});
