import type { Command } from 'commander';
import { About } from '../protocol/index.ts';
import type { Action } from './action.ts';
import * as suggestions from './suggestCommands.ts';
import { wholeNumber } from './wholeNumber.ts';

const EXAMPLES = `
A suggestion says why, and nothing comes of it before you accept it:

  ospain2 suggest tags daily/2026-11-23.md
  ospain2 suggest horizon daily/2026-11-23.md     makes items of the boxes that you accept
  ospain2 suggest steps 12                        splits item 12
  ospain2 suggest review
  ospain2 suggest accept 3 --part 1 --part 2
`;

const DESCRIPTIONS: Readonly<Record<Exclude<About, 'review'>, string>> = {
  tags: 'tags of a note or an item',
  horizon: 'when an item, or the boxes of a note, are to be dealt with',
  title: 'a title',
  steps: 'the steps of a goal',
  related: 'notes that are about the same',
};

/** `ospain2 suggest …` */
export function addSuggestCommands(program: Command, action: Action): void {
  const suggest = program
    .command('suggest')
    .description('have a local model propose something for notes and items')
    .addHelpText('after', EXAMPLES);
  const asks = (usage: string, description: string) =>
    suggest
      .command(usage)
      .description(description)
      .option('-m, --model <name>', 'the model that makes it', 'default')
      .option('-d, --detach', 'do not wait until it is made');
  for (const about of About.exclude(['review']).options) {
    const asked = asks(`${about} <note-or-item>`, DESCRIPTIONS[about]);
    asked.action(
      action((context, what = '') =>
        suggestions.ask(context, { about, of: suggestions.subjectOf(what) }, asked.opts()),
      ),
    );
  }
  const review = asks('review [day]', 'what the week of a day was like; this week without one');
  review.action(
    action((context, day = dayOf(new Date())) =>
      suggestions.ask(context, { about: 'review', of: { week: day } }, review.opts()),
    ),
  );
  const listed = suggest
    .command('list [note-or-item]')
    .description('list suggestions that wait for you, newest first')
    .option('-a, --all', 'also those that were decided on')
    .option('-n, --limit <count>', 'at most so many', wholeNumber, 20);
  listed.action(
    action((context, what) =>
      suggestions.list(context, what === undefined ? undefined : suggestions.subjectOf(what), listed.opts()),
    ),
  );
  suggest
    .command('show <number>')
    .description('show a suggestion with its reason')
    .action(action((context, ref = '') => suggestions.show(context, ref)));
  const accepted = decides(suggest, 'accept <number>', 'do what it says').option(
    '--anyway',
    'also when the note or item has changed since',
  );
  accepted.action(action((context, ref = '') => suggestions.accept(context, ref, accepted.opts())));
  const dismissed = decides(suggest, 'dismiss <number>', 'have nothing come of it');
  dismissed.action(action((context, ref = '') => suggestions.dismiss(context, ref, dismissed.opts())));
}

const decides = (suggest: Command, usage: string, description: string): Command =>
  suggest
    .command(usage)
    .description(description)
    .option('-p, --part <number>', 'only this part; may be given again', eachPart, []);

const eachPart = (text: string, before: readonly number[]): number[] => [...before, wholeNumber(text)];

/** As a calendar has it here. */
const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
