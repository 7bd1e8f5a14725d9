import * as vscode from 'vscode';
import type { CodeMatch } from '../../protocol/codeIndex.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { fileUri } from '../workspace.ts';
import { type Command, connected } from './command.ts';
import { report } from './report.ts';

export const codeIndexCommands: Readonly<Record<string, Command>> = {
  'ospain2.codeIndex.search': connected(async (context, argument) => {
    const match = await pick(context, typeof argument === 'string' ? argument : '');
    if (match !== undefined) await show(match);
    return match;
  }),
};

interface MatchItem extends vscode.QuickPickItem {
  readonly match: CodeMatch;
}

/** Milliseconds of quiet after which what is typed is looked for. */
const QUIET = 200;

/** Looks while the person types. The order is that of the index: VS Code's own filter would drop what is found by meaning. */
function pick({ client }: Connected, begin: string): Promise<CodeMatch | undefined> {
  const box = vscode.window.createQuickPick<MatchItem>();
  box.title = t('Search Code: names, words or a question');
  box.placeholder = t('how long do we wait between retries');
  let timer: NodeJS.Timeout | undefined;
  let looking = new AbortController();
  const look = async (query: string) => {
    looking.abort();
    looking = new AbortController();
    const { signal } = looking;
    if (query.trim() === '') {
      box.items = [];
      return;
    }
    box.busy = true;
    try {
      const { matches } = await client.request('codeIndex/search', { query, limit: 30 }, { signal });
      if (!signal.aborted) box.items = matches.map(itemOf);
    } catch (thrown) {
      if (!signal.aborted) report(thrown);
    } finally {
      if (!signal.aborted) box.busy = false;
    }
  };
  return new Promise((resolve) => {
    box.onDidChangeValue((value) => {
      clearTimeout(timer);
      timer = setTimeout(() => void look(value), QUIET);
    });
    box.onDidAccept(() => {
      resolve(box.selectedItems[0]?.match);
      box.hide();
    });
    box.onDidHide(() => {
      clearTimeout(timer);
      looking.abort();
      resolve(undefined);
      box.dispose();
    });
    box.value = begin;
    box.show();
    void look(begin);
  });
}

const itemOf = (match: CodeMatch): MatchItem => ({
  match,
  label: match.name ?? match.path.slice(match.path.lastIndexOf('/') + 1),
  description: `${match.path}:${match.from}`,
  iconPath: new vscode.ThemeIcon(match.name === null ? 'file-code' : 'symbol-method'),
  alwaysShow: true,
});

async function show({ path, from, to }: CodeMatch): Promise<void> {
  const uri = fileUri(path);
  if (uri === undefined) return;
  const editor = await vscode.window.showTextDocument(uri);
  const range = new vscode.Range(from - 1, 0, from - 1, 0);
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(new vscode.Range(from - 1, 0, to - 1, 0), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
