import { type Command, Option } from 'commander';
import { AutoAccept, TaskKind } from '../protocol/index.ts';
import type { Action } from './action.ts';
import * as horizon from './horizonCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

const EXAMPLES = `
Examples:
  ospain2 horizon tonight --hours 8
  ospain2 horizon tonight --hours 8 --fill --at 22:00
  ospain2 horizon weeks
  ospain2 horizon capacity 24 --week 2026-12-21
  ospain2 horizon export plan.ics
`;

/** `ospain2 horizon …` */
export function addHorizonCommands(program: Command, action: Action): void {
  const parent = program
    .command('horizon')
    .description('what fits into a night and into weeks')
    .addHelpText('after', EXAMPLES);
  const tonight = parent
    .command('tonight')
    .description('show which items fit into the hours, need nobody and wait for nothing')
    .option('--hours <hours>', 'how long nobody is there', '8')
    .option('--fill', 'start them one after the other when the machine is idle')
    .option('--at <time>', 'not before then: 22:00, or "2027-01-31 22:00"')
    .addOption(new Option('-k, --kind <kind>', 'what sort of task').choices(TaskKind.options).default('agent'))
    .option('-m, --model <name>', 'the model that works them', 'default')
    .addOption(
      new Option('--auto <level>', 'what they may do without asking').choices(AutoAccept.options).default('none'),
    );
  tonight.action(action((context) => horizon.tonight(context, tonight.opts())));
  const weeks = parent
    .command('weeks')
    .description('show what is planned for each week against what there is time for')
    .option('-n, --weeks <count>', 'so many', wholeNumber, 8);
  weeks.action(action((context) => horizon.showWeeks(context, weeks.opts())));
  const capacity = parent
    .command('capacity <hours>')
    .description('say how many hours of work there are in a week')
    .option('--week <monday>', 'only in that week');
  capacity.action(action((context, hours = '') => horizon.setCapacity(context, hours, capacity.opts())));
  const exported = parent
    .command('export [file]')
    .description('write the plan to a new file, or to standard output')
    .addOption(
      new Option('-f, --format <format>', 'else as the name of the file says').choices(['markdown', 'icalendar']),
    );
  exported.action(action((context, file) => horizon.exportPlan(context, file, exported.opts())));
}
