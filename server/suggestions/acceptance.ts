import { randomUUID } from 'node:crypto';
import { Horizon, type Item, OspainError, type Result, type SuggestionPart } from '../../protocol/index.ts';
import type { Items } from '../horizon/items.ts';
import type { Notes } from '../notes/notes.ts';
import type { Db } from '../storage/database.ts';
import { withSection, withTitle } from './noteText.ts';
import { clip, plain } from './phrases.ts';
import type { SuggestionRow } from './suggestionRow.ts';

/** What was written: a note by its path, items by their ids. */
export type Effect = Omit<Result<'suggestion/accept'>, 'suggestion'>;

type Accepted = Pick<SuggestionRow, 'about' | 'note_id' | 'item_id' | 'week'>;

/** Does what suggestions say. */
export interface Acceptance {
  /** Inside `commit`. Throws what notes and items throw; `conflict` when what a part is about is not there any more. */
  apply(suggestion: Accepted, parts: readonly SuggestionPart[]): Effect;
  /** Runs a change in one transaction, and then tells of the notes and items that it wrote. */
  commit<T>(change: () => T): T;
}

interface AcceptanceDeps {
  db: Db;
  notes: Pick<Notes, 'show' | 'save' | 'tag' | 'mark' | 'poll'>;
  items: Pick<Items, 'get' | 'add' | 'change' | 'move' | 'commit'>;
}

/** Folder of the notes that reviews of weeks are. */
const REVIEWS = 'reviews';
/** Characters of an item's title. */
const MOST_TITLE = 500;

export function createAcceptance({ db, notes, items }: AcceptanceDeps): Acceptance {
  const planned = db.prepare<[note: string, box: string | null], { id: string }>(
    'SELECT id FROM items WHERE note_id = ? AND box IS ? AND removed = 0 AND done_at IS NULL ORDER BY number LIMIT 1',
  );

  const write = (noteId: string, change: (text: string) => string): Effect => {
    const { note, text } = notes.show(noteId);
    const saved = notes.save({ path: note.path, text: change(text), base: note.version });
    return { note: saved.path, items: [] };
  };

  const tagged = (suggestion: Accepted, tags: readonly string[]): Effect => {
    if (suggestion.note_id !== null) {
      const note = notes.tag({ note: suggestion.note_id, add: [...tags], remove: [] });
      return { note: note.path, items: [] };
    }
    const item = items.get(suggestion.item_id ?? '');
    return changed(items.change({ itemId: item.id, tags: [...new Set([...item.tags, ...tags])] }));
  };

  const titled = (suggestion: Accepted, [title = '']: readonly string[]): Effect => {
    if (suggestion.note_id !== null) return write(suggestion.note_id, (text) => withTitle(text, title));
    return changed(items.change({ itemId: suggestion.item_id ?? '', title }));
  };

  /** Each step comes after the one before it, and the item after all of them. */
  const stepsBefore = (item: Item, steps: readonly string[]): Effect => {
    const ids: string[] = [];
    for (const step of steps) {
      const last = ids.at(-1);
      const { item: added } = items.add({
        ...{ id: randomUUID(), title: clip(step, MOST_TITLE), horizon: item.horizon, before: item.id },
        ...{ estimate: null, start: null, due: item.due, tags: item.tags, noteId: item.noteId, box: null },
        ...{ dependsOn: last === undefined ? [] : [last], needsPerson: item.needsPerson },
      });
      ids.push(added.id);
    }
    items.change({ itemId: item.id, dependsOn: [...new Set([...item.dependsOn, ...ids])] });
    return { note: null, items: [...ids, item.id] };
  };

  const planOf = (noteId: string, parts: readonly SuggestionPart[]): Effect => {
    const made: string[] = [];
    for (const { text, line } of parts) {
      const { note, boxes } = notes.show(noteId);
      const horizon = Horizon.parse(text);
      const box = line === null ? null : boxes.find((one) => !one.done && plain(one.text) === plain(line));
      if (box === undefined)
        throw new OspainError('conflict', `The box “${clip(line ?? '', 80)}” is not in the note any more.`);
      const id = box === null ? null : (box.id ?? notes.mark(noteId, box.line, note.version).box.id);
      const there = planned.get(noteId, id);
      if (there !== undefined) {
        made.push(items.move({ itemId: there.id, horizon }).item.id);
        continue;
      }
      const { item } = items.add({
        ...{ id: randomUUID(), title: clip(line ?? note.title, MOST_TITLE), horizon, tags: note.tags.slice(0, 50) },
        ...{ estimate: null, start: null, due: null, noteId: note.id, box: id, dependsOn: [], needsPerson: true },
      });
      made.push(item.id);
    }
    return { note: notes.show(noteId).note.path, items: made };
  };

  const related = (suggestion: Accepted, paths: readonly string[]): Effect => {
    const links = paths.map((path) => `- [[${path.replace(/\.md$/, '')}]]`);
    const item = suggestion.item_id === null ? null : items.get(suggestion.item_id);
    const noteId = suggestion.note_id ?? item?.noteId ?? null;
    if (noteId !== null) return write(noteId, (text) => withSection(text, 'Related', links));
    // An item without a note belongs to the first of these; the others have to be linked there.
    const [first = '', ...rest] = paths;
    if (rest.length > 0) throw new OspainError('invalid_params', 'An item belongs to one note: choose one of these.');
    return changed(items.change({ itemId: item?.id ?? '', noteId: notes.show(first).note.id }));
  };

  const reviewed = (week: string, [text = '']: readonly string[]): Effect => {
    const path = `${REVIEWS}/${week}.md`;
    try {
      const there = notes.show(path);
      return write(there.note.id, (before) => `${before.trimEnd()}\n\n${text}`);
    } catch (thrown) {
      if (OspainError.from(thrown).code !== 'not_found') throw thrown;
      return { note: notes.save({ path, text, base: null }).path, items: [] };
    }
  };

  return {
    apply(suggestion, parts) {
      const texts = parts.map(({ text }) => text);
      const { about, note_id: noteId, item_id: itemId } = suggestion;
      if (about === 'tags') return tagged(suggestion, texts);
      if (about === 'title') return titled(suggestion, texts);
      if (about === 'related') return related(suggestion, texts);
      if (about === 'review') return reviewed(suggestion.week ?? '', texts);
      if (about === 'steps')
        return noteId === null
          ? stepsBefore(items.get(itemId ?? ''), texts)
          : write(noteId, (text) =>
              withSection(
                text,
                'Steps',
                texts.map((step) => `- [ ] ${step}`),
              ),
            );
      if (noteId !== null) return planOf(noteId, parts);
      return changed(items.move({ itemId: itemId ?? '', horizon: Horizon.parse(texts[0]) }));
    },
    commit(change) {
      const result = items.commit(change);
      notes.poll();
      return result;
    },
  };
}

const changed = ({ item }: { item: Item }): Effect => ({ note: null, items: [item.id] });
