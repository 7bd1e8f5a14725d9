import type { Task } from '../../protocol/tasks.ts';

/** A task as the server tells it, with what a test cares about. */
export const taskWith = (some: Partial<Task>): Task => ({
  id: `id-${some.number ?? 1}`,
  number: 1,
  kind: 'agent',
  instruction: 'Change RETRY_MAX to 5 in src/limits.ts',
  context: null,
  status: 'pending',
  model: 'default',
  autoAccept: false,
  attempts: 0,
  maxAttempts: 3,
  progress: null,
  result: null,
  error: null,
  proposal: null,
  lastSeq: 1,
  createdAt: 0,
  updatedAt: 0,
  ...some,
});
