import type { Command } from 'commander';
import type { Action } from './action.ts';
import * as index from './codeIndexCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

const EXAMPLES = `
Finds by the names of definitions, by words and their forms, and by meaning where a model has the alias "embed".

  ospain2 search "how long do we wait between retries"
  ospain2 search parseHeader -n 3
`;

/** `ospain2 search …` and `ospain2 index …` */
export function addCodeIndexCommands(program: Command, action: Action): void {
  const search = program
    .command('search <question>')
    .description('find the places in the workspace that a question is about')
    .option('-n, --limit <count>', 'at most so many', wholeNumber, 10)
    .addHelpText('after', EXAMPLES);
  search.action(action((context, question = '') => index.searchCode(context, question, search.opts()['limit'])));
  const own = program.command('index').description('the index of the workspace’s code');
  own
    .command('status')
    .description('show what is in it')
    .action(action((context) => index.showIndex(context)));
  const refreshed = own
    .command('refresh')
    .description('bring it up to date now; it does so by itself')
    .option('--anew', 'throw away what there is');
  refreshed.action(action((context) => index.refreshIndex(context, refreshed.opts()['anew'] === true)));
}
