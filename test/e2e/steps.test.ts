import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Client, Proposal, TaskEvent } from '../../protocol/index.ts';
import { ended, startServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

const WORK = { instruction: 'Rename the function loadUser to fetchUser in src/users.ts.', maxAttempts: 20 } as const;
const FILES = ['README.md', 'src/limits.ts', 'src/orders.ts', 'src/users.ts'];

/** Whether this event ends a step. */
const endsStep = (event: TaskEvent) =>
  event.type === 'turn' || event.type === 'result' || (event.type === 'proposal' && event.data.status === 'open');

/** All that a run leaves behind: the texts of its turns, its edits before and after they were accepted, and the files. */
interface Outcome {
  result: string | null;
  turns: string[];
  proposed: Proposal['files'];
  files: string[];
}

interface Run {
  outcome: Outcome;
  events: TaskEvent[];
}

/** Does the work; a server is killed as soon as it told the end of the nth step, 0 for none, and another one goes on. */
async function run(killedAfter: number): Promise<Run> {
  using workspace = sampleWorkspace();
  using data = tempFolder('steps');
  const options = { workspace: workspace.path, data: data.path };
  let server = await startServer(options);
  try {
    const id = crypto.randomUUID();
    if (killedAfter > 0) {
      const reached = Promise.withResolvers<void>();
      let steps = 0;
      // Killed in the callback: a turn of the event loop later the server would have gone on.
      server.client.on('task/didEvent', ({ event }) => {
        if (!endsStep(event) || ++steps !== killedAfter) return;
        server.child.kill('SIGKILL');
        reached.resolve();
      });
      await server.client.request('task/submit', { id, ...WORK });
      await reached.promise;
      await server.kill();
      server = await startServer(options);
    } else await server.client.request('task/submit', { id, ...WORK });
    const { client } = server;
    const { status, result, error } = await ended(client, id);
    assert.equal(status, 'done', JSON.stringify(error));
    return { outcome: await outcomeOf(client, id, workspace.path, result), events: await eventsOf(client, id) };
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

const eventsOf = async (client: Client, taskId: string): Promise<TaskEvent[]> =>
  (await client.request('task/events', { taskId, limit: 10_000 })).events;

async function outcomeOf(client: Client, taskId: string, root: string, result: string | null): Promise<Outcome> {
  const turns = (await eventsOf(client, taskId)).flatMap((event) => (event.type === 'turn' ? [event.data.text] : []));
  const { proposal } = await client.request('proposal/show', { taskId });
  await client.request('proposal/accept', { taskId });
  return {
    result,
    turns,
    proposed: proposal.files,
    files: FILES.map((file) => readFileSync(join(root, file), 'utf8')),
  };
}

test('a server killed after each step of an agent’s work in turn: the files are as if undisturbed', {
  timeout: 480_000,
}, async (t) => {
  const { outcome: wanted, events } = await run(0);
  assert.match(wanted.files.at(-1) ?? '', /function fetchUser\(/);
  const steps = events.filter(endsStep).length;
  // The model is read, told, edits and finishes: fewer steps would show nothing.
  assert.ok(steps >= 5, `${steps} steps`);
  let interrupted = 0;
  for (let step = 1; step <= steps; step++) {
    const { outcome, events } = await run(step);
    assert.deepEqual(outcome, wanted, `killed after step ${step} of ${steps}`);
    const attempts = events.filter(({ type }) => type === 'started').length;
    const kept = events.findIndex(({ type }) => type === 'retry');
    if (attempts > 1 && events.slice(0, kept).filter(endsStep).length >= step) interrupted++;
    assert.equal(events.filter(({ type }) => type === 'done').length, 1);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
  }
  t.diagnostic(`${interrupted} of ${steps} kills met a task that was running`);
  // A kill behind the last step may be too late to interrupt anything.
  assert.ok(interrupted > 0, 'no kill met a task that was running');
});
