import { type Command, InvalidArgumentError } from 'commander';
import { type Dependency, OnFailure } from '../protocol/index.ts';
import type { Action } from './action.ts';
import * as controls from './controlCommands.ts';
import { duplicateTask } from './taskCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

const GRAPH_EXAMPLES = `
Each task stands below the one that it is a part of; "← after" names what it waits for. Without a number it shows the
newest tasks. With --json each line is one task: parentId and dependsOn make the graph.
`;

const STEPS_EXAMPLES = `
A step has ended for good: it is not done twice. Begin again before one:
  ospain2 task retry 3 --from-step 2
`;

const PRIORITY_EXAMPLES = `
A higher number goes first; 0 is what waits for its turn.

Examples:
  ospain2 task prioritize --to 100 7 8
`;

/** `ospain2 task pause|resume|…`, `ospain2 task graph` and `ospain2 queue …`. */
export function addControlCommands(program: Command, task: Command, action: Action): void {
  const add = (parent: Command, usage: string, description: string, examples = '') =>
    parent.command(usage).description(description).addHelpText('after', examples);
  const ofTasks = (name: string, description: string, change: Parameters<typeof controls.control>[2]) =>
    add(task, `${name} <number...>`, description).action(
      action((context, ...refs) => controls.control(context, refs, change)),
    );
  ofTasks('cancel', 'stop tasks', controls.cancel);
  ofTasks('pause', 'take tasks out of the queue; a running one stops after its step', controls.pause);
  ofTasks('resume', 'put paused tasks back', controls.resume);
  const prioritized = add(task, 'prioritize <number...>', 'say which tasks go first', PRIORITY_EXAMPLES).requiredOption(
    '--to <priority>',
    '0 to 1000',
    wholeNumber,
  );
  prioritized.action(
    action((context, ...refs) =>
      controls.control(context, refs, controls.prioritize(prioritized.opts<{ to: number }>().to)),
    ),
  );
  const copied = add(
    task,
    'duplicate <number>',
    'submit a task that asks for the same, and stay until it has ended',
  ).option('-d, --detach', 'do not wait: only queue it');
  copied.action(action((context, ref = '') => duplicateTask(context, ref, copied.opts())));
  add(task, 'steps <number>', 'list the finished steps of the latest run', STEPS_EXAMPLES).action(
    action((context, ref = '') => controls.listSteps(context, ref)),
  );
  const drawn = add(
    task,
    'graph [number]',
    'draw tasks with their parts and what they wait for',
    GRAPH_EXAMPLES,
  ).option('-n, --limit <count>', 'at most so many tasks', wholeNumber, 200);
  drawn.action(action((context, ref) => controls.showGraph(context, ref, drawn.opts<{ limit: number }>().limit)));

  const queue = program.command('queue').description('see, pause and resume the queue of the workspace');
  add(queue, 'status', 'say whether tasks start, and how many there are').action(
    action((context) => controls.queue(context, 'queue/show')),
  );
  add(queue, 'pause', 'let no task start; what runs goes on to its end').action(
    action((context) => controls.queue(context, 'queue/pause')),
  );
  add(queue, 'resume', 'let tasks start again').action(action((context) => controls.queue(context, 'queue/resume')));
}

/** One edge of the graph, as in `3` or `#3:hold`, behind those that were given before. */
export function parseEdge(text: string, before: readonly Dependency[] = []): Dependency[] {
  const [, taskId, policy = 'cancel'] = /^#?([\w-]{1,64})(?::(\w+))?$/.exec(text) ?? [];
  const onFailure = OnFailure.safeParse(policy);
  if (taskId === undefined || !onFailure.success)
    throw new InvalidArgumentError(
      `Write a task's number, and what happens when it fails: 3:${OnFailure.options.join(', 3:')}.`,
    );
  return [...before, { taskId, onFailure: onFailure.data }];
}
