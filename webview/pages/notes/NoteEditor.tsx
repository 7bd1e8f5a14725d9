import { useEffect, useRef } from 'react';
import { createEditor, type EditorOptions, type NoteEditorView } from './editor.ts';

export interface NoteEditorProps extends Omit<EditorOptions, 'parent' | 'text'> {
  readonly text: string;
  /** Another one: the text was changed by something else, and what is shown is changed with it. */
  readonly revision: number;
}

/** The text of a note in CodeMirror, in a shadow root of its own: its styles need no exception from the page's policy there. */
export default function NoteEditor({ text, revision, ...props }: NoteEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<NoteEditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const first = useRef(text);
  first.current = text;
  const { label } = props;
  useEffect(() => {
    if (host.current === null) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const editor = createEditor({
      parent: root,
      text: first.current,
      label,
      onChange: (typed) => latest.current.onChange(typed),
      onFollow: (target) => latest.current.onFollow(target),
      onSave: () => latest.current.onSave(),
      find: (typed) => latest.current.find(typed),
    });
    view.current = editor;
    return () => editor.dispose();
  }, [label]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another revision is put in; what is typed here is there already
  useEffect(() => view.current?.replace(first.current), [revision]);
  return <div ref={host} className="min-h-64 min-w-0 flex-1 roomy:min-h-0 roomy:overflow-hidden" />;
}
