import type { Command } from 'commander';
import type { Action } from './action.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';
import { type HubChoices, openHub, signOut } from './hubCommands.ts';

/** `ospain2 hub …` */
export function addHubCommands(program: Command, action: Action): void {
  const hub = program
    .command('hub')
    .description('open the hub in a browser of this machine')
    .option('--open', 'open the browser, also where nobody is at a terminal')
    .option('--no-open', 'only print the link')
    .addHelpText('after', COMMAND_EXAMPLES['hub'] ?? '');
  hub.action(action((context) => openHub(context, hub.opts<HubChoices>())));
  hub
    .command('sign-out')
    .description('end the sessions of all browsers, on this machine and in this folder')
    .action(action(signOut));
}
