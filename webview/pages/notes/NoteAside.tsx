import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Item } from '../../../protocol/items.ts';
import type { NoteBox } from '../../../protocol/notes.ts';
import { Suggestions } from '../../components/Suggestions.tsx';
import { useHub } from '../../stores/hub.ts';
import type { NoteDraft, NoteFacts } from '../../stores/noteDraft.ts';
import { Link } from '../../ui/Link.tsx';
import { plural, t } from '../../words.ts';
import { BoxRow } from './BoxRow.tsx';

interface AsideProps {
  readonly draft: NoteDraft;
  readonly facts: NoteFacts;
  readonly onOpen: (path: string) => void;
}

/** Rows of each sort that are shown. */
const MOST = 100;

/** What a note is connected with: its tags, its boxes and the work that they became, what links to it, and suggestions. */
export function NoteAside({ draft, facts, onOpen }: AsideProps) {
  const { client, notes, place, toasts } = useHub();
  const { note, tags, boxes, backlinks } = facts;
  const [items, setItems] = useState<readonly Item[]>([]);
  const { id } = note;
  const loadItems = useCallback(
    () =>
      client.request('item/list', { noteId: id, limit: 1000 }).then(
        (page) => setItems(page.items),
        () => {},
      ),
    [client, id],
  );
  useEffect(() => {
    void loadItems();
    const stops = [
      client.on('item/didChange', ({ item }) => item.noteId === id && void loadItems()),
      client.on('item/didRemove', () => void loadItems()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, id, loadItems]);

  const attempt = async (run: () => Promise<unknown>) => {
    try {
      // What is typed comes first: lines are counted in what the server has.
      await draft.flush();
      await run();
      await Promise.all([draft.refresh(), loadItems()]);
    } catch (thrown) {
      toasts.fail(thrown);
    }
  };
  const tick = (box: NoteBox) =>
    attempt(() => client.request('note/tick', { note: id, box: box.id ?? box.line, done: !box.done }));
  const plan = (box: NoteBox) =>
    attempt(async () => {
      const marked = await client.request('note/mark', { note: id, line: box.line });
      const title = box.text.replaceAll(/[[\]]{2}|#(?=\S)/g, '').trim() || note.title;
      await client.request('item/add', { title: title.slice(0, 500), noteId: id, box: marked.box.id, tags: [] });
    });
  const filterBy = (tag: string) => {
    notes.filter({ tag: tag.toLowerCase(), text: '' });
    place.go('notes');
  };

  return (
    <aside
      aria-label={t('About this note')}
      className="flex shrink-0 flex-col gap-4 border-edge border-t p-4 roomy:w-72 roomy:overflow-y-auto roomy:border-t-0 roomy:border-l"
    >
      <Part title={t('Tags')} isEmpty={tags.length === 0} none={t('Write #tag in the text.')}>
        <div className="flex flex-wrap gap-x-2 gap-y-1">
          {tags.slice(0, MOST).map((tag) => (
            <Link key={tag} onPress={() => filterBy(tag)}>
              #{tag}
            </Link>
          ))}
          <More count={tags.length - MOST} />
        </div>
      </Part>
      <Part
        title={t('Boxes')}
        isEmpty={boxes.length === 0}
        none={t('“- [ ] do this” is a box. It can become planned work.')}
      >
        <ul className="flex flex-col gap-1">
          {boxes.slice(0, MOST).map((box) => (
            <BoxRow
              key={`${box.line} ${box.id ?? ''}`}
              box={box}
              item={items.find((item) => box.id !== null && item.box === box.id)}
              onTick={() => void tick(box)}
              onPlan={() => void plan(box)}
            />
          ))}
        </ul>
        <More count={boxes.length - MOST} />
      </Part>
      <Part title={t('Links to this note')} isEmpty={backlinks.length === 0} none={t('No other note links here.')}>
        <ul className="flex flex-col gap-2">
          {backlinks.slice(0, MOST).map(({ path, title, line, excerpt }) => (
            <li key={`${path} ${line} ${excerpt}`}>
              <Link onPress={() => onOpen(path)}>{title}</Link>
              <p className="break-words text-muted text-small">{excerpt}</p>
            </li>
          ))}
        </ul>
        <More count={backlinks.length - MOST} />
      </Part>
      <Suggestions
        of={{ note: id }}
        abouts={['tags', 'horizon', 'title', 'steps', 'related']}
        onAccepted={() => void draft.refresh()}
      />
    </aside>
  );
}

interface PartProps {
  readonly title: string;
  readonly isEmpty: boolean;
  readonly none: string;
  readonly children: ReactNode;
}

const Part = ({ title, isEmpty, none, children }: PartProps) => (
  <section>
    <h2 className="mb-1 font-semibold text-small">{title}</h2>
    {isEmpty ? <p className="text-muted text-small">{none}</p> : children}
  </section>
);

const More = ({ count }: { readonly count: number }) =>
  count <= 0 ? null : <p className="text-muted text-small">{plural('and {0} more|and {0} more', count)}</p>;
