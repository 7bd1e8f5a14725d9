import { z } from 'zod';

/** Bytes of one note in UTF-8. */
export const MAX_NOTE = 5 * 1024 * 1024;

/** Where a note is: `daily/2026-11-23.md`. The server says what is wrong with one that cannot be. */
const NotePath = z.string().min(1).max(2000);

/** A note's path, or its id. */
const NoteRef = z.object({ note: z.string().min(1).max(2000) });

/** A tag without its `#`; `work/urgent` lies below `work`. */
export const NoteTag = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\p{L}\p{N}_-]+(\/[\p{L}\p{N}_-]+)*$/u, 'a tag has letters, digits, "_", "-" and "/" only')
  .regex(/\D/, 'a tag is more than a number');

/** A note without its text. */
export const Note = z.object({
  /** Stays when the note moves. Chosen by the client (UUID) or the server. */
  id: z.string(),
  path: z.string(),
  /** What its front matter or its first heading says; else the name of its file. */
  title: z.string(),
  /** In the order of the alphabet, the first fifty; `note/show` tells all. */
  tags: z.array(z.string()),
  /** Grows by one with every change of its text. */
  version: z.number().int(),
  /** Bytes. */
  size: z.number().int(),
  boxes: z.object({ total: z.number().int(), done: z.number().int() }),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type Note = z.infer<typeof Note>;

/** A checkbox of a note. */
export const NoteBox = z.object({
  /** What stands behind its `^`, written when something outside of the note refers to it. */
  id: z.string().nullable(),
  /** Counts from 1. */
  line: z.number().int(),
  text: z.string(),
  done: z.boolean(),
});
export type NoteBox = z.infer<typeof NoteBox>;

/** A link to another note, as it is written. */
export const NoteLink = z.object({
  target: z.string(),
  /** The heading or `^block` behind its `#`. */
  heading: z.string().nullable(),
  label: z.string().nullable(),
  line: z.number().int(),
  /** The note that it leads to; null while there is none. */
  path: z.string().nullable(),
});
export type NoteLink = z.infer<typeof NoteLink>;

/** A link of another note that leads here. */
export const Backlink = z.object({
  path: z.string(),
  title: z.string(),
  line: z.number().int(),
  /** The line, clipped. */
  excerpt: z.string(),
});
export type Backlink = z.infer<typeof Backlink>;

/** `details` of the error `conflict` of a note: what stands there now. No note, no text and version 0 where it was removed. */
export const NoteConflict = z.object({
  path: z.string(),
  version: z.number().int(),
  text: z.string().nullable(),
});
export type NoteConflict = z.infer<typeof NoteConflict>;

const One = z.object({ note: Note });
/** The version that a change was made to. Left out, it is made to whichever is there. */
const Base = z.number().int().min(1).optional();
const Limit = (most: number, usual: number) => z.number().int().min(1).max(most).default(usual);
/** What a page answered as `next`. */
const After = z.string().max(4000).optional();
const Next = z.string().nullable();

export const noteMethods = {
  'note/list': {
    params: z.object({
      /** Only below this folder. */
      folder: z.string().max(2000).optional(),
      /** Only in the folder itself. */
      direct: z.boolean().optional(),
      /** Only with this tag, or one below it. */
      tag: z.string().max(201).optional(),
      /** `updated`: newest first. */
      order: z.enum(['path', 'updated']).default('path'),
      after: After,
      limit: Limit(1000, 100),
    }),
    result: z.object({ notes: z.array(Note), total: z.number().int(), next: Next }),
  },
  /** Every folder that has notes, in itself or below; `notes` counts those in itself. */
  'note/folders': {
    params: z.object({}),
    result: z.object({ folders: z.array(z.object({ path: z.string(), notes: z.number().int() })) }),
  },
  /** The tags in use. One that has tags below it is listed with its own notes only. */
  'note/tags': {
    params: z.object({ prefix: z.string().max(200).default(''), after: After, limit: Limit(1000, 1000) }),
    result: z.object({ tags: z.array(z.object({ tag: z.string(), notes: z.number().int() })), next: Next }),
  },
  'note/stat': { params: NoteRef, result: One },
  /** Links, backlinks and boxes are the first thousand. */
  'note/show': {
    params: NoteRef,
    result: z.object({
      note: Note,
      text: z.string(),
      tags: z.array(z.string()),
      aliases: z.array(z.string()),
      links: z.array(NoteLink),
      backlinks: z.array(Backlink),
      boxes: z.array(NoteBox),
    }),
  },
  /**
   * Writes a note whole. `base` is the version that was edited, null for a note that is new. `conflict` with a
   * NoteConflict when something else stands there by now; nothing is written then. Saving what stands there already is
   * no change, so sending it again after an answer that was lost does no harm.
   */
  'note/save': {
    params: z.object({
      path: NotePath,
      text: z.string(),
      base: z.number().int().min(1).nullable(),
      /** Of a note that is new. */
      id: z.uuid().optional(),
    }),
    result: One,
  },
  /**
   * What became of a version's text here, and what stands there now, in one text; nothing is written. Where both changed
   * the same lines it is not clean, and holds the markers of git. `baseText` is for a version that is no longer kept.
   */
  'note/merge': {
    params: NoteRef.extend({ base: z.number().int().min(1), baseText: z.string().optional(), text: z.string() }),
    result: z.object({
      clean: z.boolean(),
      text: z.string(),
      /** The version to save it over. */
      version: z.number().int(),
      /** What stands there now. */
      current: z.string(),
    }),
  },
  /** Moves a note, or a folder with all of its notes. Links that led to them, and out of them, lead there afterwards. */
  'note/move': {
    params: z.object({ from: NotePath, to: NotePath, base: Base }),
    result: z.object({
      moved: z.array(Note),
      /** Paths of other notes in which links were written anew. */
      rewritten: z.array(z.string()),
    }),
  },
  /** Answers the text, with which `note/save` puts it back. */
  'note/remove': { params: NoteRef.extend({ base: Base }), result: One.extend({ text: z.string() }) },
  /** Notes with all of these words, best first; the last word may be half typed. `#tag` is a tag. */
  'note/search': {
    params: z.object({ text: z.string().trim().min(1).max(1000), limit: Limit(100, 20) }),
    result: z.object({
      hits: z.array(
        z.object({
          note: Note,
          /** Where the words are. */
          line: z.number().int(),
          snippet: z.array(z.object({ text: z.string(), hit: z.boolean() })),
        }),
      ),
    }),
  },
  /** Notes whose name, alias or title has these letters: what a link may lead to. */
  'note/find': {
    params: z.object({ text: z.string().max(200), limit: Limit(100, 20) }),
    result: z.object({
      /** `link` is what to write between the brackets so that it leads there. */
      names: z.array(z.object({ path: z.string(), title: z.string(), link: z.string() })),
    }),
  },
  /** The note of a day, which is made when there is none. `date` is that of the person, as YYYY-MM-DD. */
  'note/daily': {
    params: z.object({ date: z.iso.date().optional() }),
    result: One.extend({ made: z.boolean() }),
  },
  /** Adds tags to the front matter, and takes them out of there. Those in the text stay: `conflict` says so. */
  'note/tag': {
    params: NoteRef.extend({
      add: z.array(NoteTag).max(100).default([]),
      remove: z.array(NoteTag).max(100).default([]),
    }),
    result: One,
  },
  /** Boxes over all notes, in the order of their paths. */
  'note/boxes': {
    params: z.object({ done: z.boolean().optional(), after: After, limit: Limit(1000, 100) }),
    result: z.object({ boxes: z.array(NoteBox.extend({ path: z.string() })), next: Next }),
  },
  /** Gives a box an id to refer to it, which is written into the note; one that has an id keeps it. */
  'note/mark': {
    params: NoteRef.extend({ line: z.number().int().min(1), base: Base }),
    result: One.extend({ box: NoteBox }),
  },
  /** Ticks a box, by its id or its line, or takes the tick away. */
  'note/tick': {
    params: NoteRef.extend({
      box: z.union([z.string().min(1).max(100), z.number().int().min(1)]),
      done: z.boolean(),
      base: Base,
    }),
    result: One.extend({ box: NoteBox }),
  },
  /** Takes the Markdown below a folder of the server's machine; what stands at a path with another text is kept. */
  'note/import': {
    params: z.object({
      /** Absolute. */
      folder: z.string().min(1).max(4096),
      /** The folder of notes to put it in. */
      into: z.string().max(2000).default(''),
    }),
    result: z.object({
      imported: z.number().int(),
      unchanged: z.number().int(),
      kept: z.array(z.string()),
      /** Attachments and whatever else is no note, the first thousand; `more` counts the others. */
      skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
      more: z.number().int(),
    }),
  },
  /** Writes all notes as Markdown files, not encrypted. Files with another text are kept unless `overwrite` says otherwise. */
  'note/export': {
    params: z.object({ folder: z.string().min(1).max(4096), overwrite: z.boolean().default(false) }),
    result: z.object({ written: z.number().int(), unchanged: z.number().int(), kept: z.array(z.string()) }),
  },
  /** The versions that are kept, newest first. */
  'note/versions': {
    params: NoteRef,
    result: z.object({ versions: z.array(z.object({ version: z.number().int(), at: z.number().int() })) }),
  },
  'note/version': {
    params: NoteRef.extend({ version: z.number().int().min(1) }),
    result: z.object({ version: z.number().int(), at: z.number().int(), text: z.string() }),
  },
} as const;

export const noteNotifications = {
  /** Server to every client, when a note was made or changed: a whole snapshot but for the text. */
  'note/didChange': z.object({ note: Note }),
  /** Server to every client, when there is no note at a path any more; `movedTo` says where it is, if it moved. */
  'note/didRemove': z.object({ id: z.string(), path: z.string(), movedTo: z.string().nullable() }),
} as const;
