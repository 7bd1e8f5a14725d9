import { type Command, Option } from 'commander';
import { Remember } from '../protocol/index.ts';
import type { Action } from './action.ts';
import * as approvals from './approvalCommands.ts';

const EXAMPLES = `
A task that asks waits without a worker, for days if need be, and goes on behind that step. An answer is used once; with
--remember the same commands are not asked about again. What can hardly be undone is asked about each time.

Examples:
  ospain2 approval list
  ospain2 approval show 3
  ospain2 approval allow 3 --remember workspace
  ospain2 approval deny 3 --because "Use make test."
  ospain2 approval answer 4 "Port 8080"
`;

/** `ospain2 approval …` */
export function addApprovalCommands(program: Command, action: Action): void {
  const approval = program
    .command('approval')
    .description('answer what tasks ask before they go on')
    .addHelpText('after', EXAMPLES);
  const add = (usage: string, description: string) => approval.command(usage).description(description);
  const remember = () =>
    new Option('-r, --remember <scope>', 'do the same from now on, for this task or more').choices(Remember.options);

  const listed = add('list', 'list what waits for an answer').option('-a, --all', 'also what was answered');
  listed.action(action((context) => approvals.listApprovals(context, listed.opts())));
  add('show <number>', 'show exactly what would be done, and why it is asked').action(
    action((context, ref = '') => approvals.showApproval(context, ref)),
  );
  const allowed = add('allow <number>', 'let it happen').addOption(remember());
  allowed.action(action((context, ref = '') => approvals.allow(context, ref, allowed.opts())));
  const denied = add('deny <number>', 'do not let it happen; the task goes on without')
    .addOption(remember())
    .option('-b, --because <text>', 'what the model is told');
  denied.action(action((context, ref = '') => approvals.deny(context, ref, denied.opts())));
  add('answer <number> <text>', 'answer a question').action(
    action((context, ref = '', text = '') => approvals.reply(context, ref, text)),
  );
  add('rules', 'list what is allowed, asked about and denied').action(
    action((context) => approvals.listRules(context)),
  );
  add('forget <number>', 'take a remembered answer back').action(
    action((context, ref = '') => approvals.forgetRule(context, ref)),
  );
}
