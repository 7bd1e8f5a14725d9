import * as vscode from 'vscode';
import type { Proposal } from '../../protocol/proposals.ts';
import { t } from '../../protocol/words.ts';
import { PROPOSAL_SCHEME, proposalSide } from './proposalUri.ts';

/** What a command gets that decides on one hunk. */
export interface HunkArgument {
  readonly taskId: string;
  readonly path: string;
  readonly hunk: string;
}

/**
 * Accept and reject above each hunk of a proposal that is open. VS Code shows them in comparisons where its setting
 * `diffEditor.codeLens` is on; the same commands are in the menus of the editor.
 */
export function registerHunkLenses(reviews: {
  proposal(taskId: string): Promise<Proposal>;
  readonly onDidChange: vscode.Event<vscode.Uri>;
}): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    reviews.onDidChange(() => changed.fire()),
    vscode.languages.registerCodeLensProvider(
      { scheme: PROPOSAL_SCHEME },
      {
        onDidChangeCodeLenses: changed.event,
        async provideCodeLenses({ uri, lineCount }) {
          const side = proposalSide(uri);
          if (side?.side !== 'after') return [];
          const { taskId, path } = side;
          const { status, files } = await reviews.proposal(taskId);
          const hunks = files.find((file) => file.path === path)?.hunks ?? [];
          if (status !== 'open') return [];
          return hunks.flatMap(({ id: hunk, after }, index) => {
            const at = Math.min(after.line, lineCount) - 1;
            const range = new vscode.Range(at, 0, at, 0);
            const accept = hunks.length > 1 ? t('Accept hunk {0} of {1}', index + 1, hunks.length) : t('Accept hunk');
            const lens = (title: string, command: string) =>
              new vscode.CodeLens(range, {
                title,
                command,
                arguments: [{ taskId, path, hunk } satisfies HunkArgument],
              });
            return [lens(accept, 'ospain2.hunk.accept'), lens(t('Reject'), 'ospain2.hunk.reject')];
          });
        },
      },
    ),
  );
}
