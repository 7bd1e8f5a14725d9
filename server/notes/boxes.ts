import { randomInt } from 'node:crypto';
import { type NoteBox, OspainError } from '../../protocol/index.ts';
import { type FoundBox, readNote } from './reader.ts';

/** A note's text with one of its boxes changed, and that box afterwards. */
export interface BoxChange {
  text: string;
  box: NoteBox;
}

/** Gives the box on a line an id, which is written behind it; one that has an id keeps it. */
export function markBox(text: string, line: number): BoxChange {
  const { boxes } = readNote(text);
  const found = boxOf(boxes, line);
  if (found.id !== null) return { text, box: told(found) };
  const known = new Set(boxes.map(({ id }) => id));
  let id = newId();
  while (known.has(id)) id = newId();
  const end = text.slice(0, found.lineEnd).trimEnd().length;
  return { text: `${text.slice(0, end)} ^${id}${text.slice(found.lineEnd)}`, box: told({ ...found, id }) };
}

export function tickBox(text: string, which: string | number, done: boolean): BoxChange {
  const found = boxOf(readNote(text).boxes, which);
  if (found.done === done) return { text, box: told(found) };
  const mark = done ? 'x' : ' ';
  return { text: text.slice(0, found.mark) + mark + text.slice(found.mark + 1), box: told({ ...found, done }) };
}

function boxOf(boxes: readonly FoundBox[], which: string | number): FoundBox {
  const found = boxes.find(({ id, line }) => (typeof which === 'number' ? line === which : id === which));
  if (found !== undefined) return found;
  const where = typeof which === 'number' ? `on line ${which}` : `with the id ^${which.slice(0, 100)}`;
  throw new OspainError('not_found', `There is no checkbox ${where}.`, {
    hint: 'Look at the note again: it may have been changed.',
  });
}

const told = ({ id, line, text, done }: FoundBox): NoteBox => ({ id, line, text, done });

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const newId = (): string => Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
