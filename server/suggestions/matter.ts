import type { About, Day, Horizon, SuggestionPart } from '../../protocol/index.ts';

/** What a suggestion is made of, as it was at one moment: the same for every attempt of the task that makes it. */
export interface Matter {
  about: Exclude<About, 'related' | 'review'>;
  is: 'note' | 'item';
  /** A note's path, or an item's number. */
  name: string;
  title: string;
  /** Of a note its text, of an item all that it says of itself. */
  text: string;
  /** The tags that it has. */
  tags: readonly string[];
  /** Tags in use elsewhere, the commonest first. */
  known: readonly string[];
  /** Of a note: boxes that are open and no items yet. */
  boxes: readonly string[];
  /** Of an item. */
  horizon: Horizon | null;
  today: Day;
}

/** A part that nobody has decided on. */
export type NewPart = Omit<SuggestionPart, 'status'>;

/** What came of asking. Without parts there is nothing to accept, and the reason says why. */
export interface Made {
  reason: string;
  parts: readonly NewPart[];
}

/** A part for the whole, which the suggestion's own reason explains. */
export const partOf = (text: string): NewPart => ({ text, line: null, reason: null });
