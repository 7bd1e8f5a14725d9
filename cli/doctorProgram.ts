import type { Command } from 'commander';
import type { Action } from './action.ts';
import { doctor } from './doctorCommands.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';

export function addDoctorCommand(program: Command, action: Action): void {
  program
    .command('doctor')
    .description('examine this machine and the installation, and say what to do')
    .addHelpText('after', COMMAND_EXAMPLES['doctor'] ?? '')
    .action(action((context) => doctor(context)));
}
