import { type Hover, MarkupKind, type Position, type Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** What actions had to say about pieces of code, for as long as the code is as it was. */
export interface ActionResults {
  /** `text` is Markdown. */
  put(document: TextDocument, range: Range, text: string): void;
  at(document: TextDocument, position: Position): Hover | null;
}

interface Entry {
  uri: string;
  /** The lines that it is about. */
  code: string;
  text: string;
}

const KEPT = 50;

export function createActionResults(): ActionResults {
  let entries: Entry[] = [];
  return {
    put(document, range, text) {
      const code = linesOf(document, range);
      if (code.trim() === '') return;
      const others = entries.filter((entry) => entry.uri !== document.uri || entry.code !== code);
      entries = [{ uri: document.uri, code, text }, ...others].slice(0, KEPT);
    },
    at(document, position) {
      const whole = document.getText();
      const offset = document.offsetAt(position);
      for (const { uri, code, text } of entries) {
        if (uri !== document.uri) continue;
        // It may have moved meanwhile.
        const from = whole.lastIndexOf(code, offset);
        if (from < 0 || from + code.length < offset) continue;
        const range = { start: document.positionAt(from), end: document.positionAt(from + code.length) };
        return { contents: { kind: MarkupKind.Markdown, value: text }, range };
      }
      return null;
    },
  };
}

const linesOf = (document: TextDocument, { start, end }: Range): string =>
  document
    .getText({ start: { line: start.line, character: 0 }, end: { line: end.line + 1, character: 0 } })
    .replace(/\r?\n$/, '');
