import type { Command } from 'commander';
import type { Action } from './action.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';
import { type InstallChoices, installService, removeService, showService } from './serviceCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

/** `ospain2 service …` */
export function addServiceCommands(program: Command, action: Action): void {
  const service = program.command('service').description('have the system start the server of a folder at log-in');
  const add = (name: string, description: string) =>
    service
      .command(name)
      .description(description)
      .addHelpText('after', COMMAND_EXAMPLES['service'] ?? '');
  const installed = add('install', 'start it at each log-in, and now')
    .option('--port <port>', 'open the API there; without it no port is open', wholeNumber)
    .option('--no-start', 'not now: at the next log-in');
  installed.action(action((context) => installService(context, installed.opts<InstallChoices>())));
  const removed = add('remove', 'start it no more, and end it').option('--all', 'those of all folders');
  removed.action(action((context) => removeService(context, removed.opts())));
  const shown = add('status', 'say whether it is installed, and runs').option('--all', 'those of all folders');
  shown.action(action((context) => showService(context, shown.opts())));
}
