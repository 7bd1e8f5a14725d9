import { type Command, Option } from 'commander';
import type { Action } from './action.ts';
import { type ApiChoices, rotateToken, showToken } from './apiCommands.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';
import { serve } from './serve.ts';
import type { Context } from './taskCommands.ts';
import { type UploadOptions, uploadModel } from './uploadModel.ts';
import { wholeNumber } from './wholeNumber.ts';

/** `ospain2 serve`, `ospain2 token …` and `ospain2 upload-model`. */
export function addApiCommands(program: Command, action: Action): void {
  const served = program
    .command('serve')
    .description('keep a server running for tasks, schedules and other programs, until Ctrl+C')
    .option('--port <port>', 'of the API, 3100 when not given; 0 takes a free one', wholeNumber)
    .option('--registry', 'say where the registry of models is, which is part of the API')
    .option('--lan', 'let other machines in: with the token, and not encrypted')
    .option('--show-token', 'print the token of the API')
    .option('--no-api', 'open no port: only tasks and schedules')
    .addOption(new Option('--service', 'the system started it').hideHelp())
    .addHelpText('after', COMMAND_EXAMPLES['serve'] ?? '');
  served.action(
    action((context) => {
      const { service = false, ...choices } = served.opts<ApiChoices & { service?: boolean }>();
      return serve(context, choices, { service });
    }),
  );

  const token = program.command('token').description('the token that programs show to the API');
  const add = (name: string, description: string, command: (context: Context) => Promise<number>) =>
    token
      .command(name)
      .description(description)
      .addHelpText('after', COMMAND_EXAMPLES['token'] ?? '')
      .action(action(command));
  add('show', 'print it; it is made when there is none', showToken);
  add('rotate', 'make a new one; programs with the old one are refused', rotateToken);

  const upload = program
    .command('upload-model')
    .description('add a model file to the registry, here or on another machine')
    .requiredOption('--path <file>', 'the model file')
    .option('--name <name>', 'what it is called; here it may come from the name of the file')
    .option('--version <version>', 'a semantic version; latest makes the next one', 'latest')
    .option('--alias <alias>', 'a name that leads to it from now on')
    .option('--url <url>', 'of another registry, such as http://192.168.1.5:3100')
    .option('--token-file <file>', 'with the token of that one')
    .addHelpText('after', COMMAND_EXAMPLES['upload-model'] ?? '');
  upload.action(action((context) => uploadModel(context, upload.opts<UploadOptions>())));
}
