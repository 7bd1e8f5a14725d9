import { z } from 'zod';
import { WireError } from './errors.ts';

/**
 * What a suggestion says: tags of a note or item; when something is to be done; a title; the steps of a goal; notes that are
 * about the same; what a week was like.
 */
export const About = z.enum(['tags', 'horizon', 'title', 'steps', 'related', 'review']);
export type About = z.infer<typeof About>;

/** A note by its path or id, an item by its id or number, or the week of a day (`2026-11-23`), from Monday on, in the server's time zone. */
export const SuggestionSubject = z.union([
  z.strictObject({ note: z.string().min(1).max(2000) }),
  z.strictObject({ item: z.string().min(1).max(64) }),
  z.strictObject({ week: z.iso.date() }),
]);
export type SuggestionSubject = z.infer<typeof SuggestionSubject>;

/** One thing that can be taken by itself: a tag, a step, a note. */
export const SuggestionPart = z.object({
  /** The tag, the horizon, the title, the step, the path of a note, or a review in Markdown. */
  text: z.string(),
  /** The line of the note that it is for; null when it is for the whole. */
  line: z.string().nullable(),
  /** Why, in words; null when the suggestion's own reason says it. */
  reason: z.string().nullable(),
  status: z.enum(['open', 'accepted', 'dismissed']),
});
export type SuggestionPart = z.infer<typeof SuggestionPart>;

/** `asked` has a task that makes it; `open` waits for a person; the others are ends. */
export const SuggestionStatus = z.enum(['asked', 'open', 'accepted', 'dismissed', 'failed']);
export type SuggestionStatus = z.infer<typeof SuggestionStatus>;

/** What a model, or a search, proposes for a note, an item or a week. Nothing comes of it before a person accepts it. */
export const Suggestion = z.object({
  /** Chosen by the client (UUID), which makes asking twice harmless. */
  id: z.string(),
  /** Short and unique in the workspace; people type this one. */
  number: z.number().int(),
  about: About,
  /** A note by its id, which stays when it moves. */
  of: SuggestionSubject,
  /** What people call that: a note’s path, an item’s title, the Monday of a week. */
  name: z.string(),
  status: SuggestionStatus,
  /** Why, in words; empty while it is asked. */
  reason: z.string(),
  parts: z.array(SuggestionPart),
  /** `name@version` of the model that made it; null when none was needed. */
  model: z.string().nullable(),
  /** The task that makes it, or made it. */
  taskId: z.string().nullable(),
  /** The note or item is not any more what the suggestion was made of. */
  stale: z.boolean(),
  /** Why there is none, when it failed. */
  error: WireError.nullable(),
  /** Unix milliseconds. */
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type Suggestion = z.infer<typeof Suggestion>;

/** A suggestion's id, or its number in decimal. */
const SuggestionRef = z.object({ suggestionId: z.string().min(1).max(64) });
/** Parts by their place, from 0; all that are open when left out. */
const Parts = z.array(z.number().int().min(0).max(1000)).min(1).max(100).optional();
const OneSuggestion = z.object({ suggestion: Suggestion });

export const suggestionMethods = {
  /**
   * Asks for one. It takes the place of an open one that says the same of the same; one that is still being made is given
   * instead of a second. `not_taught` when the model was not taught to answer this.
   */
  'suggestion/ask': {
    params: z.object({
      id: z.uuid().optional(),
      about: About,
      of: SuggestionSubject,
      model: z.string().min(1).max(128).default('default'),
    }),
    result: OneSuggestion,
  },
  'suggestion/list': {
    params: z.object({
      of: SuggestionSubject.optional(),
      status: z.array(SuggestionStatus).optional(),
      /** Suggestions with a smaller number than this: the next page. Newest first. */
      before: z.number().int().optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    result: z.object({ suggestions: z.array(Suggestion) }),
  },
  'suggestion/show': { params: SuggestionRef, result: OneSuggestion },
  /**
   * Does what it says, all of it or some parts. `conflict` when it is stale, unless `anyway` says that the person knows;
   * `wrong_state` for what is no longer open.
   */
  'suggestion/accept': {
    params: SuggestionRef.extend({ parts: Parts, anyway: z.boolean().default(false) }),
    result: OneSuggestion.extend({
      /** The note that was written, by its path; null when none was. */
      note: z.string().nullable(),
      /** Items that were made or changed, by their ids. */
      items: z.array(z.string()),
    }),
  },
  /** Nothing comes of it, or of some parts; one that is being made is given up. */
  'suggestion/dismiss': { params: SuggestionRef.extend({ parts: Parts }), result: OneSuggestion },
} as const;

export const suggestionNotifications = {
  /** Server to every client, when a suggestion came, was made, went stale or was decided on: a whole snapshot. */
  'suggestion/didChange': z.object({ suggestion: Suggestion }),
} as const;
