import * as vscode from 'vscode';
import { oneLine } from '../../protocol/quantities.ts';
import type { Task } from '../../protocol/tasks.ts';
import { statusWord } from '../../protocol/taskWords.ts';
import { t } from '../../protocol/words.ts';

/** Characters of progress behind a line of code. */
const SHOWN = 80;
const KEPT = 50;

/** Shows tasks where they were asked for: their progress behind the line, what they answered as a hover on the code. */
export class InlineRuns implements vscode.HoverProvider, vscode.Disposable {
  readonly #running = new Map<string, { uri: string; line: number; task: Task }>();
  #answers: { uri: string; code: string; task: Task }[] = [];
  readonly #behind = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 3ch', fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  readonly #subscriptions = vscode.Disposable.from(
    this.#behind,
    vscode.languages.registerHoverProvider({ scheme: 'file' }, this),
    vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
    vscode.workspace.onDidChangeTextDocument((event) => this.#move(event)),
  );

  /** The task as it is; it is drawn until `stop`. */
  show(task: Task, document: vscode.TextDocument, range: vscode.Range): void {
    const there = this.#running.get(task.id);
    this.#running.set(
      task.id,
      there ? { ...there, task } : { uri: document.uri.toString(), line: range.start.line, task },
    );
    this.#draw();
  }

  stop(taskId: string): void {
    this.#running.delete(taskId);
    this.#draw();
  }

  /** Keeps what was answered, for as long as the code is as it was. */
  answer(task: Task, document: vscode.TextDocument, range: vscode.Range): void {
    const code = document.getText(wholeLines(document, range));
    if (code.trim() === '') return;
    this.#answers = [{ uri: document.uri.toString(), code, task }, ...this.#answers].slice(0, KEPT);
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const uri = document.uri.toString();
    const [whole, at] = [document.getText(), document.offsetAt(position)];
    for (const { code, task, ...answer } of this.#answers) {
      if (answer.uri !== uri) continue;
      // It may have moved meanwhile.
      const from = whole.lastIndexOf(code, at);
      if (from < 0 || from + code.length < at) continue;
      const range = new vscode.Range(document.positionAt(from), document.positionAt(from + code.length));
      const text = new vscode.MarkdownString(`${task.result}\n\n`);
      return new vscode.Hover([text, links(task, { [t('Open Task')]: 'ospain2.task.open' })], range);
    }
    return undefined;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      const here = [...this.#running.values()].filter((run) => run.uri === uri && run.line < editor.document.lineCount);
      const decorations = here.map(({ line, task }) => ({
        range: editor.document.lineAt(line).range,
        hoverMessage: links(task, { [t('Cancel')]: 'ospain2.task.cancel', [t('Open Task')]: 'ospain2.task.open' }),
        renderOptions: {
          after: { contentText: `OSPAiN2: ${oneLine(task.progress ?? task.waits ?? statusWord(task.status), SHOWN)}` },
        },
      }));
      editor.setDecorations(this.#behind, decorations);
    }
  }

  /** Lines that come or go above a run move it. */
  #move({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    for (const { range, text } of contentChanges) {
      const more = text.split('\n').length - 1 - (range.end.line - range.start.line);
      for (const run of this.#running.values()) if (run.uri === uri && range.end.line < run.line) run.line += more;
    }
  }
}

function links({ id, number }: Task, commands: Readonly<Record<string, string>>): vscode.MarkdownString {
  const argument = encodeURIComponent(JSON.stringify([id]));
  const list = Object.entries(commands).map(([title, command]) => `[${title}](command:${command}?${argument})`);
  const text = new vscode.MarkdownString(`${t('OSPAiN2, task {0}', number)}: ${list.join(' · ')}`);
  text.isTrusted = { enabledCommands: Object.values(commands) };
  return text;
}

const wholeLines = (document: vscode.TextDocument, { start, end }: vscode.Range): vscode.Range =>
  document.validateRange(new vscode.Range(start.line, 0, end.line, Number.MAX_SAFE_INTEGER));
