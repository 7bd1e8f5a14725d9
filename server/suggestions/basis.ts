import { createHash } from 'node:crypto';
import type { About, Item, Note } from '../../protocol/index.ts';
import { MOST_READ, plainLines } from './plainLines.ts';

/*
 * What a suggestion was made of, as a short text: while that is the same, the suggestion is as good as on its first day. A
 * tag, a tick or the name of a box does not change what a note says, so a note is compared by its sentences.
 */

export const basisOfNote = (note: Pick<Note, 'title'>, text: string): string =>
  hash([note.title, text.length > MOST_READ ? text.length : 0, ...plainLines(text).map((line) => line.text)]);

/** When an item is to be done counts only for what is said about that. */
export const basisOfItem = ({ title, horizon, due }: Item, about: About): string =>
  hash(about === 'horizon' ? [title, horizon, due] : [title]);

const hash = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
