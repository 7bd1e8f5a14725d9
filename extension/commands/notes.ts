import * as vscode from 'vscode';
import type { Note } from '../../protocol/notes.ts';
import { plural, t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { noteUri } from '../noteFiles.ts';
import { notePathOf } from '../noteUri.ts';
import { type Command, connected } from './command.ts';
import { searchNotes } from './searchNotes.ts';

export const noteCommands: Readonly<Record<string, Command>> = {
  /** Asks for a name, or takes the path that a program gives; a row of the view says the folder. */
  'ospain2.note.new': connected(async ({ client }, argument) => {
    const path = typeof argument === 'string' ? argument : await askPath(folderOf(argument));
    if (path === undefined) return undefined;
    const whole = /\.md$/i.test(path) ? path : `${path}.md`;
    const name = whole.slice(whole.lastIndexOf('/') + 1).replace(/\.md$/i, '');
    const { note } = await client.request('note/save', { path: whole, text: `# ${name}\n\n`, base: null });
    return open(note);
  }),

  /** That of the person's day, which is the one of this machine. */
  'ospain2.note.daily': connected(async ({ client }) => {
    const now = new Date();
    const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
    const date = parts.map((part) => String(part).padStart(2, '0')).join('-');
    return open((await client.request('note/daily', { date })).note);
  }),

  'ospain2.note.search': connected(async ({ client }) => {
    const hit = await searchNotes(client);
    return hit && open(hit.note, hit.line);
  }),

  'ospain2.note.remove': connected(async ({ client }, argument) => {
    const path = pathOf(argument);
    if (path === undefined) return;
    const remove = t('Remove');
    const detail = t('Its versions go with it. Links to it stay as they are.');
    if ((await vscode.window.showWarningMessage(t('Remove {0}?', path), { modal: true, detail }, remove)) !== remove)
      return;
    await client.request('note/remove', { note: path });
  }),

  'ospain2.note.move': connected(async ({ client }, argument) => {
    const from = pathOf(argument) ?? folderOf(argument);
    if (from === undefined) return;
    const to = await vscode.window.showInputBox({
      ...{ title: t('Move {0}', from), prompt: t('Links to it are written anew.'), value: from },
      valueSelection: [from.lastIndexOf('/') + 1, from.replace(/\.md$/i, '').length],
    });
    if (to === undefined || to === from) return;
    const { rewritten } = await client.request('note/move', { from, to });
    if (rewritten.length === 0) return;
    vscode.window.setStatusBarMessage(
      plural('Links were written anew in {0} note.|Links were written anew in {0} notes.', rewritten.length),
      5000,
    );
  }),

  /** Takes a folder of Markdown: the one that a program gives, or that the person chooses. */
  'ospain2.note.import': connected(async (context, argument) => {
    const folder = await pickFolder(argument, t('Import'));
    if (folder === undefined) return undefined;
    const done = await withProgress(t('Importing notes'), (signal) =>
      context.client.request('note/import', { folder }, { signal }),
    );
    const left = done.kept.length + done.skipped.length + done.more;
    const text = plural('{0} note imported, {1} left out.|{0} notes imported, {1} left out.', done.imported, left);
    void tell(context, text, [
      ...done.kept.map((path) => t('{0}: a note with another text is there.', path)),
      ...done.skipped.map(({ path, reason }) => `${path}: ${reason}`),
    ]);
    return done;
  }),

  'ospain2.note.export': connected(async (context, argument) => {
    const folder = await pickFolder(argument, t('Export, Not Encrypted'));
    if (folder === undefined) return undefined;
    const done = await withProgress(t('Exporting notes'), (signal) =>
      context.client.request('note/export', { folder }, { signal }),
    );
    const text = plural(
      '{0} note written, {1} left as they are.|{0} notes written, {1} left as they are.',
      done.written,
      done.kept.length,
    );
    void tell(
      context,
      text,
      done.kept.map((path) => t('{0}: the file has another text.', path)),
    );
    return done;
  }),
};

async function open(note: Pick<Note, 'path'>, line = 1): Promise<Note | undefined> {
  const selection = new vscode.Range(line - 1, 0, line - 1, 0);
  const document = await vscode.workspace.openTextDocument(noteUri(note.path));
  const end = document.lineAt(document.lineCount - 1).range.end;
  await vscode.window.showTextDocument(document, { selection: line > 1 ? selection : new vscode.Range(end, end) });
  return note as Note;
}

const askPath = (folder: string | undefined): Thenable<string | undefined> => {
  const value = folder === undefined || folder === '' ? '' : `${folder}/`;
  return vscode.window.showInputBox({
    ...{
      title: t('New Note'),
      prompt: t('Its name, with folders before it if you like'),
      placeHolder: t('projects/idea'),
      value,
    },
    valueSelection: [value.length, value.length],
    validateInput: (text) => (text.trim() === '' ? t('A note needs a name.') : undefined),
  });
};

/** Of a row of the view. */
function folderOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('folder' in argument)) return undefined;
  return typeof argument.folder === 'string' ? argument.folder : undefined;
}

/** The note that a row, a path or the editor in front means. */
function pathOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument === 'object' && argument !== null) {
    if ('notePath' in argument) return String(argument.notePath);
    return argument instanceof vscode.Uri ? notePathOf(argument) : undefined;
  }
  const shown = vscode.window.activeTextEditor?.document.uri;
  return shown && notePathOf(shown);
}

async function pickFolder(argument: unknown, openLabel: string): Promise<string | undefined> {
  if (typeof argument === 'string') return argument;
  const options = { canSelectFiles: false, canSelectFolders: true, canSelectMany: false, openLabel };
  return (await vscode.window.showOpenDialog(options))?.[0]?.fsPath;
}

const withProgress = <T>(title: string, run: (signal: AbortSignal) => Promise<T>): Thenable<T> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_, token) => {
      const giveUp = new AbortController();
      token.onCancellationRequested(() => giveUp.abort());
      return run(giveUp.signal);
    },
  );

/** What was left out is named in the log, for whoever asks. */
async function tell({ log }: Connected, text: string, left: readonly string[]): Promise<void> {
  const show = t('Show What Was Left Out');
  if ((await vscode.window.showInformationMessage(text, ...(left.length > 0 ? [show] : []))) !== show) return;
  for (const line of left) log.info(line);
  log.show();
}
