import { type Command, Option } from 'commander';
import { AutoAccept } from '../protocol/index.ts';
import type { Action } from './action.ts';
import * as plans from './planCommands.ts';

const EXAMPLES = `
A task of the kind "plan" breaks a goal into parts. Nothing starts before you say so:

  ospain2 task new --kind plan "Add a cache to the parser"
  ospain2 plan show 12 > plan.txt
  ospain2 plan edit 12 plan.txt
  ospain2 plan start 12
`;

/** `ospain2 plan …` */
export function addPlanCommands(program: Command, action: Action): void {
  const plan = program.command('plan').description('look at, edit and start plans').addHelpText('after', EXAMPLES);
  plan
    .command('show <number>')
    .description('show the parts of a plan, as edit reads them')
    .action(action((context, ref = '') => plans.showPlan(context, ref)));
  plan
    .command('edit <number> <file>')
    .description('put the parts of a file in their place; - reads standard input')
    .action(action((context, ref = '', file = '') => plans.editPlan(context, ref, file)));
  const started = plan
    .command('start <number>')
    .description('make every part a task')
    .option('-m, --model <name>', "the model that works them; else the plan's own")
    .addOption(new Option('-a, --accept', 'write their edits to disk without asking').implies({ auto: 'edits' }))
    .addOption(
      new Option('--auto <level>', 'what they may do without asking').choices(AutoAccept.options).default('none'),
    );
  started.action(action((context, ref = '') => plans.startPlan(context, ref, started.opts())));
}
