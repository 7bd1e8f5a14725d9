import { Argument, type Command } from 'commander';
import type { Action } from './action.ts';
import { namesOf } from './completionCommands.ts';
import { completionScripts } from './completionScripts.ts';
import { completionsOf } from './completions.ts';
import { COMMAND_EXAMPLES } from './helpText.ts';
import { oneLine } from './text.ts';

/** `ospain2 completion <shell>`, and the hidden `ospain2 complete`, which the shell then asks. */
export function addCompletionCommands(program: Command, action: Action): void {
  const shells = Object.keys(completionScripts) as (keyof typeof completionScripts)[];
  program
    .command('completion')
    .description('print what makes a shell complete commands, options and names')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText('after', COMMAND_EXAMPLES['completion'] ?? '')
    .action(
      action(async ({ host }, shell = '') => {
        const found = shells.find((one) => one === shell);
        host.stdout.write(found === undefined ? '' : completionScripts[found]);
        return 0;
      }),
    );
  const complete = program
    .command('complete', { hidden: true })
    .argument('[words...]', 'those behind the name of the program, up to the cursor')
    .option('--empty', 'the word at the cursor is empty');
  complete.action(
    action(
      async (context, ...words) => {
        const all = complete.opts<{ empty?: boolean }>().empty === true ? [...words, ''] : words;
        const { values, files, noun } = completionsOf(program, all);
        const names = noun === null ? [] : await namesOf(context, noun);
        const fitting = names.filter(({ value }) => value.startsWith(all.at(-1) ?? ''));
        const lines = [...values, ...fitting].map(
          ({ value, description }) => `${oneLine(value)}\t${oneLine(description)}\n`,
        );
        context.host.stdout.write(`${lines.join('')}${files ? ':files\n' : ''}`);
        return 0;
      },
      { runningOnly: true },
    ),
  );
}
