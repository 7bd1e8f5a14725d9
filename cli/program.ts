import { Command, Option } from 'commander';
import { AutoAccept, TaskKind, TaskStatus, WorkerRuntimeName } from '../protocol/index.ts';
import type { Action } from './action.ts';
import { addApiCommands } from './apiProgram.ts';
import { addApprovalCommands } from './approvalProgram.ts';
import { addAuditCommands } from './auditProgram.ts';
import * as backups from './backupCommands.ts';
import { addCodeIndexCommands } from './codeIndexProgram.ts';
import { addCompletionCommands } from './completionProgram.ts';
import { addControlCommands, parseEdge } from './controlProgram.ts';
import { addDemoCommand } from './demoProgram.ts';
import { addDoctorCommand } from './doctorProgram.ts';
import { addExamples } from './examples.ts';
import { COMMAND_EXAMPLES, PROGRAM_HELP } from './helpText.ts';
import { addHorizonCommands } from './horizonProgram.ts';
import type { Host } from './host.ts';
import { addHubCommands } from './hubProgram.ts';
import { addImageCommands } from './imageProgram.ts';
import { addItemCommands } from './itemProgram.ts';
import { addKeyCommands } from './keyProgram.ts';
import { addMcpCommands } from './mcpProgram.ts';
import { addModelCommands } from './modelProgram.ts';
import { addNoteCommands } from './noteProgram.ts';
import { createPaint } from './paint.ts';
import { addPlanCommands } from './planProgram.ts';
import { addProposalCommands } from './proposalProgram.ts';
import { addProveCommand } from './proveProgram.ts';
import { addScheduleCommands } from './scheduleProgram.ts';
import { hasColours } from './screen.ts';
import { addServiceCommands } from './serviceProgram.ts';
import { statusText } from './statusText.ts';
import { addSuggestCommands } from './suggestProgram.ts';
import * as tasks from './taskCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

/** All commands; `action` gives each its surroundings. */
export function createProgram(
  host: Pick<Host, 'args' | 'env' | 'stdout' | 'stderr' | 'version'>,
  action: Action,
): Command {
  // The parser takes them away again where there are none.
  const headings = createPaint(true);
  const program = new Command('ospain2')
    .description('Tasks of one workspace, done by local models.')
    .option('-w, --workspace <dir>', 'the folder that tasks work in', '.')
    .option('--json', 'one JSON object a line, for programs')
    .option('--no-color', 'no colours (as with NO_COLOR)')
    .option('--trust', 'this folder is trusted')
    .option('--no-trust', 'this folder is not trusted: tasks only read its files')
    .addOption(new Option('--workers <runtime>', 'where models run').choices(WorkerRuntimeName.options))
    .addHelpText('after', PROGRAM_HELP)
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
      getOutHelpWidth: () => (host.stdout.isTTY === true ? (host.stdout.columns ?? 80) : 80),
      getOutHasColors: () => !host.args.includes('--no-color') && hasColours(host.stdout, host.env),
      outputError: () => {},
    })
    .configureHelp({
      styleTitle: headings.bold,
      styleCommandText: headings.cyan,
      styleSubcommandText: headings.cyan,
      styleOptionText: headings.cyan,
    })
    .exitOverride();
  // Behind a command it is the command's own option: a parser would take it for the program's wherever it stands.
  if (host.args.every((arg) => arg.startsWith('-')))
    program.version(host.version, '-V, --version', 'print the version');
  const task = program.command('task').description('submit, watch and decide on tasks');
  const add = (parent: Command, usage: string, description: string) => {
    const command = parent.command(usage).description(description);
    return command.addHelpText('after', COMMAND_EXAMPLES[command.name()] ?? '');
  };

  const created = add(
    task,
    'new <instruction>',
    'submit a task and stay until it has ended; - reads it from standard input',
  )
    .addOption(new Option('-k, --kind <kind>', 'what sort of task').choices(TaskKind.options).default('agent'))
    .option('-f, --file <path>', 'the file that it is about')
    .option('-m, --model <name>', 'the model that works it', 'default')
    .addOption(new Option('-a, --accept', 'write its edits to disk without asking').implies({ auto: 'edits' }))
    .addOption(
      new Option('--auto <level>', 'what it may do without asking').choices(AutoAccept.options).default('none'),
    )
    .option('-d, --detach', 'do not wait: only queue it')
    .option('--after <number[:policy]>', 'start it when that task is done; may be given again', parseEdge, [])
    .option('--parent <number>', 'make it a part of that task')
    .option('-p, --priority <priority>', '0 to 1000: a higher one goes first', wholeNumber, 0)
    .option('--not-before <time>', 'start it then at the earliest: 02:00, or "2027-01-31 02:00"');
  created.action(action((context, instruction = '') => tasks.newTask(context, instruction, created.opts())));

  const listed = add(task, 'list', 'list tasks, newest first')
    .addOption(new Option('-s, --status <status...>', 'only these').choices(TaskStatus.options))
    .option('-n, --limit <count>', 'at most so many', wholeNumber, 20)
    .option('--before <number>', 'only older ones: the next page', wholeNumber)
    .option('--dead', 'only dead letters: failed, with all their attempts used');
  listed.action(action((context) => tasks.listTasks(context, listed.opts())));

  const ofTask = (
    name: string,
    description: string,
    command: (context: tasks.Context, ref: string) => Promise<number>,
  ) => add(task, `${name} <number>`, description).action(action((context, ref = '') => command(context, ref)));
  ofTask('show', 'show a task, its result and its edits', tasks.showTask);
  ofTask('watch', 'show all that a task did and does, until it has ended', tasks.watch);
  const retried = add(task, 'retry <number>', 'put a failed or cancelled task back, and stay until it has ended')
    .option('-d, --detach', 'do not wait: only queue it')
    .option('--from-step <step>', 'keep the steps before this one (see task steps)', wholeNumber);
  retried.action(action((context, ref = '') => tasks.retryTask(context, ref, retried.opts())));
  addProposalCommands(task, action);
  addControlCommands(program, task, action);
  addApprovalCommands(program, action);
  addPlanCommands(program, action);
  addCodeIndexCommands(program, action);

  add(program, 'status', 'show the server of the workspace').action(
    action(async ({ link, screen }) => {
      const { client, attached } = await link.open();
      const status = await client.request('server/status', {});
      screen.data({ status });
      screen.print(statusText(status, attached, Date.now(), screen));
      return 0;
    }),
  );

  addDemoCommand(program, action);
  addDoctorCommand(program, action);
  addProveCommand(program, action);
  addCompletionCommands(program, action);
  add(program, 'backup <file>', 'write an encrypted copy of all tasks of the workspace').action(
    action((context, file = '') => backups.backUp(context, file)),
  );
  add(program, 'restore <file>', 'put a backup in the place of what is there, which is kept').action(
    action((context, file = '') => backups.restore(context, file), { repair: true }),
  );
  const exported = add(program, 'export <file>', 'write all tasks as lines of JSON, not encrypted')
    .option('--plain', 'yes, in plain text: without it nothing is written')
    .option('-y, --yes', 'do not ask');
  exported.action(action((context, file = '') => backups.exportPlain(context, file, exported.opts())));
  add(program, 'lsp', 'be the server of an editor that speaks the Language Server Protocol').action(
    action(async ({ host }) => {
      // In this process: what an editor starts is what it ends, and whose standard input it closes.
      await host.becomeServer();
      return 0;
    }),
  );
  addAuditCommands(program, action);
  addNoteCommands(program, action);
  addScheduleCommands(program, action);
  addItemCommands(program, action);
  addHorizonCommands(program, action);
  addSuggestCommands(program, action);
  addApiCommands(program, action);
  addServiceCommands(program, action);
  addHubCommands(program, action);
  addKeyCommands(program, (command) => action(command, { repair: true, asLocked: true }));
  addMcpCommands(program, action);
  addModelCommands(program, action);
  addImageCommands(program, action);
  addExamples(program);
  return program;
}
