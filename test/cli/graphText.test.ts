import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { graphText } from '../../cli/graphText.ts';
import { createPaint } from '../../cli/paint.ts';
import type { TaskGraph } from '../../cli/taskGraph.ts';
import type { Task } from '../../protocol/index.ts';
import { taskWith } from '../extension/task.ts';

const wide = { paint: createPaint(false), columns: Number.POSITIVE_INFINITY };
const part = (number: number, some: Partial<Task> = {}): Task =>
  taskWith({ number, instruction: `Do ${number}`, parentId: 'id-1', ...some });

/** A graph of these tasks; those without a parent are its roots. */
function graphOf(tasks: readonly Task[], hidden: Readonly<Record<string, number>> = {}): TaskGraph {
  const level = (parentId: string | null) => ({
    tasks: tasks.filter((task) => task.parentId === parentId),
    hidden: hidden[parentId ?? ''] ?? 0,
  });
  const parents = new Set(tasks.flatMap(({ parentId }) => parentId ?? []));
  return {
    roots: level(null),
    parts: new Map([...parents].map((id) => [id, level(id)])),
    tasks: new Map(tasks.map((task) => [task.id, task])),
  };
}

describe('graphText', () => {
  it('draws parts below their task, and says what each waits for', () => {
    const error = { code: 'worker_failed', message: 'The worker ended.' } as const;
    const graph = graphOf([
      taskWith({ number: 1, instruction: 'Plan the\nrelease', children: { total: 4, ended: 2 }, status: 'running' }),
      part(2, { status: 'done', proposal: 'open' }),
      part(3, { status: 'failed', dead: true, error, children: { total: 1, ended: 0 } }),
      part(4, {
        status: 'blocked',
        waits: 'waits for #2 and 1 more',
        dependsOn: [
          { taskId: 'id-3', onFailure: 'hold' },
          { taskId: 'id-2', onFailure: 'cancel' },
        ],
      }),
      part(5, { status: 'paused', waits: 'paused by a person' }),
      part(6, { parentId: 'id-3', status: 'running', attempts: 2, progress: 'reads a.ts' }),
      taskWith({ number: 7, instruction: 'Alone', status: 'cancelled' }),
    ]);
    assert.equal(
      graphText(graph, wide),
      `● #1 Plan the release  running, 2 of 4 parts ended
├─ ✓ #2 Do 2  done, to review
├─ ✗ #3 Do 3  dead letter: The worker ended., 0 of 1 part ended
│  └─ ● #6 Do 6  running, attempt 2 of 3, reads a.ts
├─ ◌ #4 Do 4  waits for #2 and 1 more  ← after #2; #3, else held
└─ ‖ #5 Do 5  paused by a person
⊘ #7 Alone  cancelled`,
    );
  });

  it('counts what is not shown', () => {
    const dependsOn = [1, 2, 3, 4, 5, 6, 9].map((number) => ({ taskId: `id-${number}`, onFailure: 'run' as const }));
    const graph = graphOf(
      [1, 2, 3, 4, 5, 6].map((number) => part(number, { parentId: null })).concat(part(7, { dependsOn })),
      { 'id-1': 993, '': 2 },
    );
    const lines = graphText(graph, wide).split('\n');
    assert.equal(lines[0], '… 2 older');
    assert.equal(lines[2], '├─ … 993 older');
    assert.match(lines[3] ?? '', /^└─ .*← after #1, or its failure; #2.*#5, or its failure; 2 more$/);
  });

  it('fits a terminal, and lets nothing through that could harm it', () => {
    const graph = graphOf([part(1, { parentId: null, instruction: `\u001b[2J${'long '.repeat(40)}` })]);
    const text = graphText(graph, { ...wide, columns: 60 });
    assert.ok(text.length <= 60 && text.startsWith('○ #1 \ufffd[2J') && text.includes('…'), text);
  });
});
