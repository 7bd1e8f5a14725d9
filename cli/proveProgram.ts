import { type Command, Option } from 'commander';
import type { Action } from './action.ts';
import { runInside } from './prove/inside.ts';
import { type ProveOptions, prove } from './proveCommand.ts';

const HELP = `
It starts a server of its own, works with texts that it made up, and then looks for connections, for these texts, and for what
is missing in the audit log. On Linux it takes the network away (bwrap or unshare) and traces each network call (strace), where
these are installed. The exit code is 0 only when every promise held. docs/proofs.md says what each line means.

Examples:
  ospain2 prove
  ospain2 prove --json | jq -r 'select(.proof.ok == false) | .proof.problems[]'
  ospain2 prove --keep
`;

/** `ospain2 prove` */
export function addProveCommand(program: Command, action: Action): void {
  const proved = program
    .command('prove')
    .description('try on this machine what OSPAiN2 promises: no connection, no plaintext, a whole audit log')
    .option('--keep', 'keep the folder that it worked in')
    .addOption(new Option('--inside', 'be the part inside of the walls').hideHelp())
    .addHelpText('after', HELP);
  proved.action(
    action((context) => {
      const { inside, ...options } = proved.opts<ProveOptions & { inside?: boolean }>();
      return inside === true ? runInside(context.host) : prove(context, options);
    }),
  );
}
