import type { Command } from 'commander';
import type { Action } from './action.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';
import { serveMcp } from './mcpCommand.ts';
import { type AllowOptions, allowServer, forbidServer, listServers, restartServer, showLog } from './mcpServers.ts';
import type { Context } from './taskCommands.ts';

/** `ospain2 mcp`, which serves other programs, and its commands for the servers that our agents use. */
export function addMcpCommands(program: Command, action: Action): void {
  const mcp = program
    .command('mcp')
    .description('serve other programs over the Model Context Protocol, on standard input and output')
    .option('--allow-decisions', 'let them accept, reject and undo edits too: accepting writes to disk')
    .addHelpText('after', COMMAND_EXAMPLES['mcp'] ?? '');
  mcp.action(action((context) => serveMcp(context, mcp.opts<{ allowDecisions?: true }>())));

  const add = (usage: string, description: string) =>
    mcp
      .command(usage)
      .description(description)
      .addHelpText('after', COMMAND_EXAMPLES['mcp servers'] ?? '');
  add('servers', 'list the servers whose tools agents may use, and what is wrong with others').action(
    action(listServers),
  );
  const allowed = add('allow <name>', 'agree to run a server that came with the folder, or is on another machine')
    .option('--believe', 'take its word for which of its tools only read')
    .option('-y, --yes', 'do not ask');
  allowed.action(action((context, name = '') => allowServer(context, name, allowed.opts<AllowOptions>())));
  const ofServer = (
    name: string,
    description: string,
    command: (context: Context, server: string) => Promise<number>,
  ) => add(`${name} <name>`, description).action(action((context, server = '') => command(context, server)));
  ofServer('forbid', 'take that back, and end it', forbidServer);
  ofServer('restart', 'start a server now, or anew, and show its tools', restartServer);
  ofServer('log', 'show what a server wrote to its standard error', showLog);
}
