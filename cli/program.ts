import { resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { AutoAccept, errorCodes, OspainError, TaskKind, TaskStatus } from '../protocol/index.ts';
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
import { errorText } from './errorText.ts';
import { COMMAND_EXAMPLES, PROGRAM_HELP } from './helpText.ts';
import { addHorizonCommands } from './horizonProgram.ts';
import type { Host } from './host.ts';
import { addHubCommands } from './hubProgram.ts';
import { addItemCommands } from './itemProgram.ts';
import { createLink, type Link } from './link.ts';
import { addMcpCommands } from './mcpProgram.ts';
import { addModelCommands } from './modelProgram.ts';
import { addNoteCommands } from './noteProgram.ts';
import { createPaint } from './paint.ts';
import { addPlanCommands } from './planProgram.ts';
import { addProposalCommands } from './proposalProgram.ts';
import { addScheduleCommands } from './scheduleProgram.ts';
import { createScreen, hasColours } from './screen.ts';
import { addServiceCommands } from './serviceProgram.ts';
import { statusText } from './statusText.ts';
import { addSuggestCommands } from './suggestProgram.ts';
import * as tasks from './taskCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

/** Runs one command; resolves with the exit code. Never rejects. */
export async function run(host: Host): Promise<number> {
  let exit = 0;
  const program = createProgram(host, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...host.args], { from: 'user' });
    return exit;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const error = classify(thrown);
    const paint = createPaint(!host.args.includes('--no-color') && hasColours(host.stderr, host.env));
    const json = host.args.includes('--json');
    host.stderr.write(`${json ? JSON.stringify({ error: error.toWire() }) : errorText(error, paint)}\n`);
    return errorCodes[error.code].exit;
  }
}

/** What the parser refuses is a wrong use of the program. */
function classify(thrown: unknown): OspainError {
  if (!(thrown instanceof CommanderError)) return OspainError.from(thrown);
  const message = thrown.message.replace(/^error: /, '');
  // Asked for nothing, the parser has written its help already.
  const what = thrown.code === 'commander.help' ? 'A command is missing.' : message;
  return new OspainError('invalid_params', what, { hint: 'ospain2 --help shows all commands.' });
}

/** What a server that is started here is told; without a word, `OSPAIN2_TRUST` says it. */
const trusting = (env: NodeJS.ProcessEnv, trust: boolean | undefined): NodeJS.ProcessEnv =>
  trust === undefined ? env : { ...env, OSPAIN2_TRUST: trust ? '1' : '0' };

/** A server that was there is another program's: it is not told otherwise, and nobody is left to believe it was. */
async function assertTrust(link: Link, trust: boolean): Promise<void> {
  const { client, attached } = await link.open();
  if (!attached) return;
  const { trust: there } = await client.request('server/status', {});
  if (there === (trust ? 'trusted' : 'untrusted')) return;
  throw new OspainError('wrong_state', `The server of this workspace that is running has the folder as ${there}.`, {
    hint: 'Say it there, such as with “Manage Workspace Trust” of VS Code, or leave the option out.',
  });
}

interface GlobalOptions {
  workspace: string;
  json?: boolean;
  color: boolean;
  trust?: boolean;
}

function createProgram(host: Host, setExit: (code: number) => void): Command {
  /** Gives a command its surroundings, and ends them after it. */
  const action: Action =
    (command, { repair = false, runningOnly = false } = {}) =>
    async (...parsed) => {
      const self = parsed.at(-1) as Command;
      const { workspace, json = false, color, trust } = self.optsWithGlobals<GlobalOptions>();
      const { stdout, stderr, env } = host;
      const screen = createScreen({ stdout, stderr, env, json, colours: color });
      const folder = resolve(host.cwd, workspace);
      const link = createLink({
        program: host.serverProgram,
        workspace: folder,
        env: trusting(env, trust),
        repair,
        runningOnly,
      });
      try {
        if (trust !== undefined) await assertTrust(link, trust);
        setExit(await command({ host, link, screen, workspace: folder }, ...self.args));
      } finally {
        screen.live(null);
        await link.close();
      }
    };

  // The parser takes them away again where there are none.
  const headings = createPaint(true);
  const program = new Command('ospain2')
    .description('Tasks of one workspace, done by local models.')
    .option('-w, --workspace <dir>', 'the folder that tasks work in', '.')
    .option('--json', 'one JSON object a line, for programs')
    .option('--no-color', 'no colours (as with NO_COLOR)')
    .option('--trust', 'this folder is trusted')
    .option('--no-trust', 'this folder is not trusted: tasks only read its files')
    .addHelpText('after', PROGRAM_HELP)
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
      getOutHasColors: () => !host.args.includes('--no-color') && hasColours(host.stdout, host.env),
      outputError: () => {},
    })
    .configureHelp({ styleTitle: headings.bold, styleCommandText: headings.cyan, styleOptionText: headings.cyan })
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
  addMcpCommands(program, action);
  addModelCommands(program, action);
  return program;
}
