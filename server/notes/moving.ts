import { OspainError } from '../../protocol/index.ts';
import { type Links, writtenAs } from './links.ts';
import { folderPath, keyOf, nameOf, notePath } from './notePath.ts';
import { type NoteRow, noNote } from './noteRow.ts';
import { readNote } from './reader.ts';
import type { NoteStore } from './store.ts';

export interface Moved {
  moved: NoteRow[];
  rewritten: string[];
}

interface MovingDeps {
  store: NoteStore;
  links: Links;
  /** Those in a folder, in itself or below. */
  below(folder: string): NoteRow[];
  rowOf(number: number): NoteRow;
}

/**
 * Moves notes, and writes those links anew that would lead elsewhere afterwards: links to them, links of their own, and
 * links of others to notes whose names they take. Inside the caller's transaction.
 */
export function createMoving({ store, links, below, rowOf }: MovingDeps) {
  return (from: string, to: string): Moved => {
    const moves = movesOf(from, to);
    if (moves.every(([row, path]) => row.path === path)) return { moved: moves.map(([row]) => row), rewritten: [] };
    const taken = moves.find(([row, path]) => {
      const there = store.find(keyOf(path));
      return there !== undefined && there.id !== row.id && !moves.some(([other]) => other.id === there.id);
    });
    if (taken !== undefined)
      throw new OspainError('conflict', `There is a note ${taken[1]} already.`, { hint: 'Choose another name.' });
    const names = moves.flatMap(([row, path]) => [...links.names(row), keyOf(nameOf(path))]);
    const touched = new Set([...moves.map(([row]) => row.number), ...links.naming([...new Set(names)])]);
    const before = [...touched].map((number) => ({ number, leads: leadsOf(rowOf(number)) }));
    // Out of each other's way first: of two that change places, neither could go otherwise.
    if (moves.length > 1) for (const [row] of moves) store.rename(row, `${row.path}.${row.id}.md`);
    for (const [row, path] of moves) store.rename(rowOf(row.number), path);
    const rewritten = before
      .filter(({ number, leads }) => rewrite(rowOf(number), leads))
      .map(({ number }) => rowOf(number));
    const moved = new Set(moves.map(([row]) => row.number));
    return {
      moved: [...moved].map(rowOf),
      rewritten: rewritten.filter(({ number }) => !moved.has(number)).map(({ path }) => path),
    };
  };

  function movesOf(from: string, to: string): Array<[NoteRow, string]> {
    const row = store.find(from);
    if (row !== undefined) return [[row, store.spelled(notePath(to))]];
    if (from.toLowerCase().endsWith('.md')) throw noNote(from);
    const folder = folderPath(from);
    const target = folderPath(to);
    const rows = folder === '' ? [] : below(folder);
    if (rows.length === 0) throw noNote(from);
    if (keyOf(`${target}/`).startsWith(keyOf(`${folder}/`)) && keyOf(target) !== keyOf(folder))
      throw new OspainError('conflict', 'A folder cannot be moved into itself.');
    return rows.map((one) => [
      one,
      notePath(`${target === '' ? '' : `${target}/`}${one.path.slice(folder.length + 1)}`),
    ]);
  }

  /** The number of the note that each of its links leads to. */
  function leadsOf(row: NoteRow): Array<number | undefined> {
    return readNote(store.textOf(row)).links.map((link) => links.resolve(row.path, link)?.number);
  }

  function rewrite(row: NoteRow, leads: ReadonlyArray<number | undefined>): boolean {
    const text = store.textOf(row);
    let [written, at] = ['', 0];
    for (const [nth, link] of readNote(text).links.entries()) {
      const wanted = leads[nth];
      if (wanted === undefined || links.resolve(row.path, link)?.number === wanted) continue;
      const { path } = rowOf(wanted);
      const alone = links.resolve(row.path, { wiki: true, target: nameOf(path) })?.number === wanted;
      written += text.slice(at, link.from) + writtenAs(link.wiki, row.path, path, alone && !link.target.includes('/'));
      at = link.to;
    }
    if (at === 0) return false;
    store.write(row, written + text.slice(at));
    return true;
  }
}
