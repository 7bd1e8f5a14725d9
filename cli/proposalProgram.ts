import type { Command } from 'commander';
import type { Action } from './action.ts';
import * as proposals from './proposalCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

const ACCEPT_EXAMPLES = `
All that is named is written, or nothing. "conflict" means that a file is not as the task saw it; nothing was written
then. With --merge what was changed meanwhile stays, unless the same lines were changed: see "ospain2 task merge".

Examples:
  ospain2 task accept 3
  ospain2 task accept 3 --file src/a.ts --file src/b.ts
  ospain2 task accept 3 --file src/a.ts --hunk 1 --hunk 3
`;

const DIFF_EXAMPLES = `
The numbers of hunks are those that "task accept" and "task reject" take. They count what is left to decide, so look
again after a decision.
`;

const MERGE_EXAMPLES = `
The edits become edits of the files as they are now, to be looked at and accepted; nothing is written. Where the same
lines were changed they stay as they were, and it ends as a conflict. With --markers such a file gets both versions
between markers, for you to accept and to finish in the file.
`;

const UNDO_EXAMPLES = `
Days later too, and when other tasks came between: what they changed stays. "conflict" means that the same lines were
changed since; nothing was written then. "task accept" writes the edits again.
`;

const more = <T>(value: T, before: readonly T[]): T[] => [...before, value];

/** `ospain2 task diff|accept|reject|merge|conflicts|undo` */
export function addProposalCommands(task: Command, action: Action): void {
  const add = (usage: string, description: string, examples = '') =>
    task.command(`${usage} <number>`).description(description).addHelpText('after', examples);
  const addPart = (usage: string, description: string, examples = '') =>
    add(usage, description, examples)
      .option('-f, --file <path>', 'only this file; may be given again', more<string>, [])
      .option(
        '--hunk <number>',
        'only this hunk of the file; may be given again',
        (text, before: number[]) => more(wholeNumber(text), before),
        [],
      );

  add('diff', 'show what is left to decide, its hunks numbered', DIFF_EXAMPLES).action(
    action((context, ref = '') => proposals.diffTask(context, ref)),
  );
  const accepted = addPart('accept', 'write the edits of a task to disk, or a part of them', ACCEPT_EXAMPLES).option(
    '-m, --merge',
    'keep what was changed in the files meanwhile',
  );
  accepted.action(action((context, ref = '') => proposals.acceptTask(context, ref, accepted.opts())));
  const rejected = addPart('reject', 'drop the edits of a task, or a part of them');
  rejected.action(action((context, ref = '') => proposals.rejectTask(context, ref, rejected.opts())));
  const merged = add('merge', 'make the edits of a task fit what was changed meanwhile', MERGE_EXAMPLES).option(
    '--markers',
    'put both versions of a conflict into the edits',
  );
  merged.action(action((context, ref = '') => proposals.mergeTask(context, ref, merged.opts())));
  add('conflicts', 'show what keeps edits from being accepted, or undone').action(
    action((context, ref = '') => proposals.showConflicts(context, ref)),
  );
  add('undo', 'take accepted edits back', UNDO_EXAMPLES).action(
    action((context, ref = '') => proposals.undoTask(context, ref)),
  );
}
