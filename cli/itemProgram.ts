import { Argument, type Command, Option } from 'commander';
import { AutoAccept, Horizon, TaskKind } from '../protocol/index.ts';
import type { Action } from './action.ts';
import * as items from './itemCommands.ts';
import type { Context } from './taskCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

const EXAMPLES = `
What is planned stands in four horizons: now, next, later, someday. Days are 2027-01-31, today, tomorrow or +3; times that
something takes are 90, 1h30, 1.5h or 45min. "none" takes a date or an estimate away. Every change can be undone.

Examples:
  ospain2 item add --horizon now --estimate 2h --due tomorrow "Write the release notes"
  ospain2 item add --alone --estimate 45min --after 3 "Change RETRY_MAX to 5 in src/limits.ts"
  ospain2 item move 4 now --before 2
  ospain2 item start 4
  ospain2 item undo
`;

const together = (value: string, before: string[] = []): string[] => [...before, value];

const withDetails = (command: Command): Command =>
  command
    .option('-e, --estimate <time>', 'how long it takes')
    .option('--start <day>', 'when it can begin')
    .option('--due <day>', 'when it has to be done')
    .option('-t, --tag <tag>', 'may be given again', together)
    .option('--after <number>', 'it waits for that item; may be given again', together);

/** `ospain2 item …` */
export function addItemCommands(program: Command, action: Action): void {
  const item = program.command('item').description('plan what is to be done').addHelpText('after', EXAMPLES);
  const add = (usage: string, description: string) => item.command(usage).description(description);
  const horizon = () => new Option('-H, --horizon <horizon>', 'how far away it is').choices(Horizon.options);

  const added = withDetails(add('add <title>', 'plan something'))
    .addOption(horizon().default('next'))
    .option('--before <number>', 'put it directly before that item; else at the end')
    .option('--alone', 'a task can do it with nobody there: it may be for tonight');
  added.action(action((context, title = '') => items.addItem(context, title, added.opts())));

  const listed = add('list', 'list what is planned, by horizons')
    .addOption(new Option('-H, --horizon <horizon...>', 'only these').choices(Horizon.options))
    .option('-t, --tag <tag>', 'only with this tag')
    .option('--done', 'what is done instead')
    .option('--all', 'what is done, too')
    .option('-n, --limit <count>', 'at most so many', wholeNumber, 200);
  listed.action(action((context) => items.listItems(context, listed.opts())));

  const changed = withDetails(
    add('change <number>', 'change what was said of it; tags and --after replace those there'),
  )
    .option('--title <title>', 'call it otherwise')
    .option('--alone', 'a task can do it with nobody there')
    .option('--no-alone', 'it needs a person');
  changed.action(action((context, ref = '') => items.changeItem(context, ref, changed.opts())));

  const moved = add('move <number>', 'put it into a horizon')
    .addArgument(new Argument('<horizon>').choices(Horizon.options))
    .option('--before <number>', 'directly before that item; else at the end');
  moved.action(action((context, ref = '', to = '') => items.moveItem(context, ref, Horizon.parse(to), moved.opts())));

  const ofItem = (name: string, description: string, command: (context: Context, ref: string) => Promise<number>) =>
    add(`${name} <number>`, description).action(action((context, ref = '') => command(context, ref)));
  ofItem('done', 'say that it is done', (context, ref) => items.setDone(context, ref, true));
  ofItem('reopen', 'say that it is not done after all', (context, ref) => items.setDone(context, ref, false));
  ofItem('remove', 'take it out of the plan', items.removeItem);

  const started = add('start <number>', 'submit a task for it, and stay until that has ended')
    .addOption(new Option('-k, --kind <kind>', 'what sort of task').choices(TaskKind.options).default('agent'))
    .option('-m, --model <name>', 'the model that works it', 'default')
    .addOption(new Option('-a, --accept', 'write its edits to disk without asking').implies({ auto: 'edits' }))
    .addOption(
      new Option('--auto <level>', 'what it may do without asking').choices(AutoAccept.options).default('none'),
    )
    .option('-d, --detach', 'do not wait: only queue it');
  started.action(action((context, ref = '') => items.startItem(context, ref, started.opts())));

  add('undo', 'take the last change of the plan back').action(action((context) => items.turn(context, 'undo')));
  add('redo', 'do again what was taken back last').action(action((context) => items.turn(context, 'redo')));
}
