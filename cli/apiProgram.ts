import type { Command } from 'commander';
import { type ApiChoices, rotateToken, showToken } from './apiCommands.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';
import { serve } from './serve.ts';
import type { Context } from './taskCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

/** Gives a command its surroundings, and ends them after it. */
type Action = (
  command: (context: Context, ...args: string[]) => Promise<number>,
) => (...parsed: unknown[]) => Promise<void>;

/** `ospain2 serve` and `ospain2 token …`. */
export function addApiCommands(program: Command, action: Action): void {
  const served = program
    .command('serve')
    .description('keep a server running for tasks, schedules and other programs, until Ctrl+C')
    .option('--port <port>', 'of the API, 3100 when not given; 0 takes a free one', wholeNumber)
    .option('--registry', 'say where the registry of models is, which is part of the API')
    .option('--lan', 'let other machines in: with the token, and not encrypted')
    .option('--show-token', 'print the token of the API')
    .option('--no-api', 'open no port: only tasks and schedules')
    .addHelpText('after', COMMAND_EXAMPLES['serve'] ?? '');
  served.action(action((context) => serve(context, served.opts<ApiChoices>())));

  const token = program.command('token').description('the token that programs show to the API');
  const add = (name: string, description: string, command: (context: Context) => Promise<number>) =>
    token
      .command(name)
      .description(description)
      .addHelpText('after', COMMAND_EXAMPLES['token'] ?? '')
      .action(action(command));
  add('show', 'print it; it is made when there is none', showToken);
  add('rotate', 'make a new one; programs with the old one are refused', rotateToken);
}
