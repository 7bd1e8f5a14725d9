import { syntaxTree } from '@codemirror/language';
import { type Extension, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const link = Decoration.mark({ class: 'cm-wiki' });
const tag = Decoration.mark({ class: 'cm-hashtag' });
const FOUND = /\[\[([^[\]\n]+)\]\]|(?<=^|[\s(])#[\p{L}\p{N}_/-]*[\p{L}_][\p{L}\p{N}_/-]*/gu;

/** Shows `[[links]]` and `#tags` in what is in sight, but for code, and follows a link: Ctrl or Cmd and a click, or Alt+Enter. */
export function wikiLinks(onFollow: (target: string) => void): Extension {
  const follow = (view: EditorView, place: number): boolean => {
    const line = view.state.doc.lineAt(place);
    for (const found of line.text.matchAll(FOUND)) {
      const from = line.from + found.index;
      if (found[1] === undefined || place < from || place > from + found[0].length) continue;
      onFollow(found[1].split(/[#|\\]/)[0] ?? '');
      return true;
    }
    return false;
  };
  const shown = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = inSight(view);
      }
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged || syntaxTree(update.state) !== syntaxTree(update.startState))
          this.decorations = inSight(update.view);
      }
    },
    { decorations: ({ decorations }) => decorations },
  );
  return [
    shown,
    keymap.of([{ key: 'Alt-Enter', run: (view) => follow(view, view.state.selection.main.head) }]),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (!(event.ctrlKey || event.metaKey)) return false;
        const place = view.posAtCoords({ x: event.clientX, y: event.clientY });
        return place !== null && follow(view, place);
      },
    }),
  ];
}

function inSight(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const tree = syntaxTree(view.state);
  for (const { from, to } of view.visibleRanges)
    for (const found of view.state.sliceDoc(from, to).matchAll(FOUND)) {
      const at = from + found.index;
      if (/Code|HTML|Comment/.test(tree.resolveInner(at, 1).name)) continue;
      builder.add(at, at + found[0].length, found[1] === undefined ? tag : link);
    }
  return builder.finish();
}
