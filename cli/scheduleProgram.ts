import { type Command, Option } from 'commander';
import { AutoAccept, Misfire, TaskKind } from '../protocol/index.ts';
import type { Action } from './action.ts';
import * as schedules from './scheduleCommands.ts';
import type { Context } from './taskCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

const ADD_EXAMPLES = `
A due time submits a task like "ospain2 task new --detach". Schedules need a server: VS Code with this folder, or
"ospain2 serve". Of due times with no server "once" runs the newest for all, "all" each, but no more than 100.
Where the clocks go forward, a single time of the day that is left out comes at the end of the gap; where they go back,
it comes once. Lists, ranges and steps of times leave out what is left out, and come twice.

Examples:
  ospain2 schedule add --at 02:00 --on-mains "Write doc comments in src/orders.ts"
  ospain2 schedule add --cron "0 6 * * MON-FRI" --kind plan "What changed yesterday, and what is next?"
  ospain2 schedule add --cron @weekly --time-zone Europe/Berlin --when-idle --missed skip "…"
`;

/** `ospain2 schedule …` */
export function addScheduleCommands(program: Command, action: Action): void {
  const add = (parent: Command, usage: string, description: string, examples = '') =>
    parent.command(usage).description(description).addHelpText('after', examples);
  const schedule = program.command('schedule').description('submit tasks at a time, or again and again');
  const made = add(
    schedule,
    'add <instruction>',
    'make a schedule; - reads the instruction from standard input',
    ADD_EXAMPLES,
  )
    .option('--cron <expression>', 'when: minute, hour, day of month, month, day of week')
    .option('--time-zone <name>', 'of the expression, as in Europe/Berlin; else that of this machine')
    .option('--at <time>', 'once: 02:00, or "2027-01-31 02:00"')
    .option('--when-idle', 'wait until the machine is at rest and nobody works with OSPAiN2')
    .option('--on-mains', 'wait until the machine is on mains power')
    .addOption(
      new Option('--missed <policy>', 'due times with no server: leave out, run once for all, or run each')
        .choices(Misfire.options)
        .default('once'),
    )
    .addOption(new Option('-k, --kind <kind>', 'what sort of task').choices(TaskKind.options).default('agent'))
    .option('-m, --model <name>', 'the model that works it', 'default')
    .addOption(new Option('-a, --accept', 'write its edits to disk without asking').implies({ auto: 'edits' }))
    .addOption(
      new Option('--auto <level>', 'what it may do without asking').choices(AutoAccept.options).default('none'),
    );
  made.action(action((context, instruction = '') => schedules.addSchedule(context, instruction, made.opts())));
  add(schedule, 'list', 'list schedules with their next and last run').action(
    action((context) => schedules.listSchedules(context)),
  );
  const runs = add(schedule, 'runs <number>', 'show what became of each due time, newest first').option(
    '-n, --limit <count>',
    'at most so many',
    wholeNumber,
    20,
  );
  runs.action(action((context, ref = '') => schedules.listRuns(context, ref, runs.opts())));
  const run = add(schedule, 'run <number>', 'submit its task now, and stay until it has ended').option(
    '-d, --detach',
    'do not wait: only queue it',
  );
  run.action(action((context, ref = '') => schedules.runSchedule(context, ref, run.opts())));
  const ofSchedule = (name: string, description: string, command: (context: Context, ref: string) => Promise<number>) =>
    add(schedule, `${name} <number>`, description).action(action((context, ref = '') => command(context, ref)));
  ofSchedule('enable', 'switch a schedule on; what was due meanwhile is left out', (context, ref) =>
    schedules.enableSchedule(context, ref, true),
  );
  ofSchedule('disable', 'switch a schedule off', (context, ref) => schedules.enableSchedule(context, ref, false));
  ofSchedule('remove', 'remove a schedule; what it did can still be seen', schedules.removeSchedule);
}
