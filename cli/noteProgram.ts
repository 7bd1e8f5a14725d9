import type { Command } from 'commander';
import type { Action } from './action.ts';
import { editNote } from './editNote.ts';
import * as notes from './noteCommands.ts';
import * as folders from './noteFolders.ts';
import { wholeNumber } from './wholeNumber.ts';

const EXAMPLES = `
Notes are Markdown, kept encrypted with the tasks of the workspace. ".md" may be left out. A note is written over only if
nobody else changed it meanwhile.

Examples:
  ospain2 note add projects/idea "# Idea"
  ospain2 note add log - < log.txt
  ospain2 note daily "Called Kim about [[idea]] #call"
  ospain2 note search harvest "#late"
  ospain2 note edit projects/idea             with the program in VISUAL or EDITOR
  ospain2 note import ~/vault --into old
`;

/** `ospain2 note …` */
export function addNoteCommands(program: Command, action: Action): void {
  const note = program.command('note').description('notes of the workspace: Markdown with links, tags and boxes');
  note.addHelpText('after', EXAMPLES);
  const add = (usage: string, description: string) => note.command(usage).description(description);

  const listed = add('list', 'list notes by their paths')
    .option('-f, --folder <folder>', 'only below this folder')
    .option('-t, --tag <tag>', 'only with this tag, or one below it')
    .option('--recent', 'the newest first')
    .option('-n, --limit <count>', 'at most so many', wholeNumber, 50);
  listed.action(action((context) => notes.listNotes(context, listed.opts())));
  add('tags', 'list the tags in use').action(action((context) => notes.listTags(context)));
  const shown = add('show <note>', 'print a note').option('--links', 'what it links to, and what links to it, instead');
  shown.action(action((context, ref = '') => notes.showNote(context, ref, shown.opts())));
  add('add <path> [text]', 'make a note; - reads it from standard input').action(
    action((context, path = '', text = '') => notes.addNote(context, path, text)),
  );
  add('edit <note>', 'edit a note, or make it').action(action((context, ref = '') => editNote(context, ref)));
  const found = add('search <words...>', 'notes with all of these words, the best first').option(
    ...(['-n, --limit <count>', 'at most so many', wholeNumber, 20] as const),
  );
  found.action(action((context, ...words) => notes.searchNotes(context, words, found.opts())));
  const daily = add('daily [text]', "today's note, which is made when there is none; text becomes a line of it");
  daily.option('--date <date>', 'that of another day: 2026-11-23');
  daily.action(action((context, text = '') => notes.dailyNote(context, text, daily.opts())));
  add('mv <from> <to>', 'move a note or a folder; links to it are written anew').action(
    action((context, from = '', to = '') => notes.moveNote(context, from, to)),
  );
  add('rm <note>', 'remove a note').action(action((context, ref = '') => notes.removeNote(context, ref)));
  const imported = add('import <folder>', 'take a folder of Markdown, such as a vault of Obsidian or Foam').option(
    ...(['--into <folder>', 'the folder of notes to put it in', ''] as const),
  );
  imported.action(action((context, folder = '') => folders.importNotes(context, folder, imported.opts())));
  const exported = add('export <folder>', 'write all notes as Markdown files, not encrypted').option(
    ...(['--overwrite', 'also over files with another text'] as const),
  );
  exported.action(action((context, folder = '') => folders.exportNotes(context, folder, exported.opts())));
}
