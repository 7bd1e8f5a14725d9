import type { Command } from 'commander';
import type { Action } from './action.ts';
import { exportAudit, pruneAudit, type ShowOptions, showAudit, verifyAudit } from './auditCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

const SHOW = `
What it is about is a noun, such as egress, command or key, or a whole type, such as file.written.
docs/audit.md says what is written down, and when.

Examples:
  ospain2 audit show --type egress --since 30d
  ospain2 audit show --type command file --limit 20
  ospain2 audit show --json | jq -r .entry.subject
`;

const VERIFY = `
The first entry that is altered, missing, moved or cut off is named; the exit code is then 65.
Note the end of each log down elsewhere: while "audit export" still has that number with that hash, nothing before it
was changed, not even by somebody who has the key.
`;

/** `ospain2 audit …` */
export function addAuditCommands(program: Command, action: Action): void {
  const audit = program.command('audit').description('what was done here, in a log that shows when it was changed');
  const shown = audit
    .command('show')
    .description('show the newest entries')
    .option('--since <time>', 'only since then: "2027-01-31 02:00", 2027-01-31, 02:00 or 30d')
    .option('-t, --type <type...>', 'only of these')
    .option('-n, --limit <count>', 'at most so many', wholeNumber, 50)
    .addHelpText('after', SHOW);
  shown.action(action((context) => showAudit(context, shown.opts<ShowOptions>())));
  audit
    .command('verify')
    .description('read the whole log and say whether it is as it was written')
    .addHelpText('after', VERIFY)
    .action(action(verifyAudit));
  const exported = audit
    .command('export <file>')
    .description('write it as lines of JSON, not encrypted; docs/audit.md has a program that verifies them')
    .option('-y, --yes', 'do not ask');
  exported.action(action((context, file = '') => exportAudit(context, file, exported.opts())));
  const pruned = audit
    .command('prune')
    .description('drop old entries for good; the log says that they are gone')
    .requiredOption('--before <time>', 'those from before then: 2027-01-31 or 365d')
    .option('-y, --yes', 'do not ask');
  pruned.action(action((context) => pruneAudit(context, pruned.opts<{ before: string; yes?: boolean }>())));
}
