import * as vscode from 'vscode';
import type { Client } from '../../protocol/client.ts';
import type { Result } from '../../protocol/methods.ts';
import { t } from '../../protocol/words.ts';
import { createThrottle } from '../throttle.ts';

type Hit = Result<'note/search'>['hits'][number];

const TYPING_MS = 100;

/** Lets a person search while they type; resolves with the hit that they choose. */
export function searchNotes(client: Client): Promise<Hit | undefined> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { hit: Hit }>();
  pick.title = t('Search Notes');
  pick.placeholder = t('Words, "a phrase" or #tag');
  let asking = new AbortController();
  const ask = createThrottle(() => {
    asking.abort();
    asking = new AbortController();
    void search(asking.signal);
  }, TYPING_MS);
  const search = async (signal: AbortSignal) => {
    const text = pick.value.trim();
    pick.busy = text !== '';
    try {
      const { hits } =
        text === '' ? { hits: [] } : await client.request('note/search', { text, limit: 50 }, { signal });
      if (signal.aborted) return;
      // The server has found them; VS Code's own filter would take those away that do not begin so.
      pick.items = hits.map((hit) => ({ ...itemOf(hit), alwaysShow: true, hit }));
      pick.title = t('Search Notes');
    } catch (thrown) {
      if (!signal.aborted) pick.title = `${t('Search Notes')}: ${thrown instanceof Error ? thrown.message : ''}`;
    } finally {
      if (!signal.aborted) pick.busy = false;
    }
  };
  return new Promise((resolve) => {
    pick.onDidChangeValue(ask);
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.hit);
      pick.hide();
    });
    pick.onDidHide(() => {
      asking.abort();
      ask.dispose();
      pick.dispose();
      resolve(undefined);
    });
    pick.show();
  });
}

const itemOf = ({ note, snippet }: Hit): vscode.QuickPickItem => ({
  label: note.title,
  description: note.path,
  detail: snippet.map(({ text }) => text).join(''),
});
