import { autocompletion, type CompletionContext, type CompletionResult, closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Result } from '../../../protocol/methods.ts';
import { smallestChange } from './smallestChange.ts';
import { wikiLinks } from './wikiLinks.ts';

export interface EditorOptions {
  readonly parent: ShadowRoot;
  readonly text: string;
  /** Said by screen readers. */
  readonly label: string;
  readonly onChange: (text: string) => void;
  /** The target of a `[[link]]` that was clicked with Ctrl or Cmd, or that Alt+Enter was pressed in. */
  readonly onFollow: (target: string) => void;
  readonly onSave: () => void;
  /** Notes that a link may lead to. */
  readonly find: (typed: string) => Promise<Result<'note/find'>['names']>;
}

export interface NoteEditorView {
  /** Puts another text in, around the cursor and into the history as one step. */
  replace(text: string): void;
  dispose(): void;
}

/** Marks a change that was not typed here. */
const fromOutside = Annotation.define<true>();

export function createEditor(options: EditorOptions): NoteEditorView {
  const { parent, text, label, onChange, onSave, onFollow, find } = options;
  const save = (): boolean => {
    onSave();
    return true;
  };
  const view = new EditorView({
    parent,
    root: parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        drawSelection(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        EditorState.lineSeparator.of(text.includes('\r\n') ? '\r\n' : '\n'),
        closeBrackets(),
        search({ top: true }),
        highlightSelectionMatches(),
        markdown({ base: markdownLanguage }),
        syntaxHighlighting(highlighting),
        autocompletion({ override: [completeLinks(find)] }),
        wikiLinks(onFollow),
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'true', autocapitalize: 'sentences' }),
        keymap.of([
          { key: 'Mod-s', preventDefault: true, run: save },
          ...historyKeymap,
          ...searchKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of((update) => {
          const isOurs = update.transactions.every((one) => one.annotation(fromOutside) !== true);
          if (update.docChanged && isOurs) onChange(update.state.sliceDoc());
        }),
        theme,
      ],
    }),
  });
  return {
    replace(next) {
      // In the editor every break is one character.
      const change = smallestChange(view.state.doc.toString(), next.replaceAll('\r\n', '\n'));
      if (change === undefined) return;
      const insert = Text.of(change.insert.split('\n'));
      view.dispatch({ changes: { ...change, insert }, annotations: fromOutside.of(true) });
    },
    dispose: () => view.destroy(),
  };
}

const completeLinks =
  (find: EditorOptions['find']) =>
  async (context: CompletionContext): Promise<CompletionResult | null> => {
    const typed = context.matchBefore(/\[\[[^[\]\n|#]*/);
    if (typed === null) return null;
    const names = await find(typed.text.slice(2));
    const closed = context.state.sliceDoc(context.pos, context.pos + 2) === ']]';
    return {
      from: typed.from + 2,
      filter: false,
      options: names.map(({ path, title, link }) => ({
        label: link,
        detail: title === link ? path : title,
        apply: (view, _, from, to) => {
          const end = closed ? to + 2 : to;
          view.dispatch({
            changes: { from, to: end, insert: `${link}]]` },
            selection: { anchor: from + link.length + 2 },
          });
        },
      })),
    };
  };

const highlighting = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '600', color: 'var(--vscode-foreground)' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: [tags.link, tags.url], color: 'var(--vscode-textLink-foreground)' },
  { tag: [tags.monospace, tags.processingInstruction], color: 'var(--vscode-descriptionForeground, inherit)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--vscode-editor-foreground, inherit)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: '1px solid var(--vscode-focusBorder)', outlineOffset: '-1px' },
  '.cm-scroller': {
    fontFamily: 'var(--vscode-editor-font-family, monospace)',
    fontSize: 'var(--vscode-editor-font-size, 13px)',
    lineHeight: '1.55',
  },
  '.cm-content': {
    padding: '12px 16px',
    maxWidth: '100ch',
    caretColor: 'var(--vscode-editorCursor-foreground, var(--vscode-foreground))',
  },
  '.cm-cursor': { borderLeftColor: 'var(--vscode-editorCursor-foreground, var(--vscode-foreground))' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--vscode-editor-selectionBackground, #add6ff)',
  },
  '.cm-panels, .cm-tooltip': {
    backgroundColor: 'var(--vscode-editorWidget-background)',
    color: 'var(--vscode-foreground)',
    border: '1px solid var(--vscode-editorWidget-border, #80808059)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--vscode-list-activeSelectionBackground)',
    color: 'var(--vscode-list-activeSelectionForeground)',
  },
  '.cm-wiki': { color: 'var(--vscode-textLink-foreground)', textDecoration: 'underline', textUnderlineOffset: '2px' },
  '.cm-hashtag': { color: 'var(--vscode-charts-purple, inherit)' },
});
