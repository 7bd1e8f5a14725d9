import { z } from 'zod';
import { Day } from './days.ts';
import { AutoAccept, MAX_TEXT, ProposalStatus, Task, TaskKind, TaskStatus } from './tasks.ts';

/** How far away an item is; in this order. What is `someday` is kept, but not planned. */
export const Horizon = z.enum(['now', 'next', 'later', 'someday']);
export type Horizon = z.infer<typeof Horizon>;

/** Minutes of work. */
const Minutes = z.number().int().min(1).max(1_000_000);
/** One line: what is white becomes a blank. */
const Title = z
  .string()
  .max(1000)
  .transform((text) => text.replace(/\s+/g, ' ').trim())
  .pipe(z.string().min(1, 'An item needs a title.').max(500));
const Tag = z.string().regex(/^[^\s#,]{1,64}$/, 'A tag is one word of at most 64 characters, without # and comma.');
const Tags = z
  .array(Tag)
  .max(50)
  .transform((tags) => [...new Set(tags)]);
const ItemId = z.string().min(1).max(64);
const DependsOn = z
  .array(ItemId)
  .max(100)
  .transform((ids) => [...new Set(ids)]);

/** A task that was started for an item, or comes of its schedule. */
const ItemTask = z.object({
  id: z.string(),
  number: z.number().int(),
  kind: TaskKind,
  status: TaskStatus,
  proposal: ProposalStatus.nullable(),
});

export const Item = z.object({
  /** Chosen by the client (UUID), which makes adding twice harmless. */
  id: z.string(),
  /** Short and unique in the workspace; people type this one. */
  number: z.number().int(),
  title: z.string(),
  horizon: Horizon,
  /** Orders the items of a horizon as text, by character codes; equal places are ordered by number. */
  place: z.string(),
  /** Minutes; null when nobody has estimated it. */
  estimate: z.number().int().nullable(),
  start: Day.nullable(),
  due: Day.nullable(),
  /** Unix milliseconds, and the day that it was then where the server runs; null while it is not done. */
  doneAt: z.number().int().nullable(),
  doneOn: Day.nullable(),
  /** The task that had it done; null when a person did. */
  doneBy: z.string().nullable(),
  tags: z.array(z.string()),
  /** The note that it belongs to, and the block of its box there. */
  noteId: z.string().nullable(),
  box: z.string().nullable(),
  /** Ids of items that come before it. */
  dependsOn: z.array(z.string()),
  /** Whether it cannot be done by a task alone. */
  needsPerson: z.boolean(),
  /** Oldest first. */
  tasks: z.array(ItemTask),
  /** The schedule that will start a task for it; null when none waits. */
  scheduleId: z.string().nullable(),
  /** Grows with every change. */
  version: z.number().int(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type Item = z.infer<typeof Item>;

/** What somebody did to an item. */
export const ItemDeed = z.enum(['add', 'change', 'move', 'remove', 'done', 'reopen']);
export type ItemDeed = z.infer<typeof ItemDeed>;

const Undoable = z.object({ change: z.number().int(), deed: ItemDeed, itemId: z.string(), title: z.string() });

/** What `item/undo` and `item/redo` would do next; null when there is nothing. One history for all clients of the workspace. */
export const ItemHistory = z.object({ undo: Undoable.nullable(), redo: Undoable.nullable() });
export type ItemHistory = z.infer<typeof ItemHistory>;

/** An item's id, or its number in decimal. */
const ItemRef = z.object({ itemId: ItemId });
/**
 * `version` is that of the item as the caller saw it: `conflict` when it has changed since. `changeId` makes saying it twice
 * harmless: what is known by it is not done again.
 */
const Edit = ItemRef.extend({ version: z.number().int().optional(), changeId: z.uuid().optional() });
/** `change` is the number to undo it by; null when nothing was different. */
const Changed = z.object({ item: Item, change: z.number().int().nullable(), history: ItemHistory });
/** Where in its horizon: directly before this item; at the end without one. */
const before = ItemId.optional();

const details = {
  estimate: Minutes.nullable(),
  start: Day.nullable(),
  due: Day.nullable(),
  tags: Tags,
  noteId: z.string().min(1).max(1024).nullable(),
  box: z.string().min(1).max(64).nullable(),
  dependsOn: DependsOn,
  needsPerson: z.boolean(),
};

export const itemMethods = {
  'item/add': {
    params: z.object({
      id: z.uuid().optional(),
      title: Title,
      horizon: Horizon.default('next'),
      before,
      estimate: details.estimate.default(null),
      start: details.start.default(null),
      due: details.due.default(null),
      tags: details.tags.default([]),
      noteId: details.noteId.default(null),
      box: details.box.default(null),
      dependsOn: details.dependsOn.default([]),
      needsPerson: details.needsPerson.default(true),
    }),
    result: Changed,
  },
  'item/list': {
    params: z.object({
      horizon: z.array(Horizon).optional(),
      done: z.boolean().optional(),
      tag: Tag.optional(),
      noteId: z.string().min(1).max(1024).optional(),
      /** In the title, whatever the case of its letters. */
      text: z.string().max(500).optional(),
      /** Behind this item: the next page. In the order of horizons, and of items in them. */
      after: ItemId.optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    /** `total` counts all that fit, on all pages. */
    result: z.object({ items: z.array(Item), total: z.number().int(), history: ItemHistory }),
  },
  'item/show': { params: ItemRef, result: z.object({ item: Item }) },
  /** What is left out stays as it is. */
  'item/change': {
    params: Edit.extend({ title: Title.optional(), done: z.boolean().optional() }).extend(
      z.object(details).partial().shape,
    ),
    result: Changed,
  },
  'item/move': { params: Edit.extend({ horizon: Horizon, before }), result: Changed },
  'item/remove': { params: Edit, result: z.object({ change: z.number().int(), history: ItemHistory }) },
  /**
   * Takes a change back: the newest, or that one. `wrong_state` when there is none; `conflict` when what it changed was
   * changed again since. `item` is null when it is gone with that.
   */
  'item/undo': {
    params: z.object({ change: z.number().int().optional() }),
    result: z.object({ item: Item.nullable(), history: ItemHistory }),
  },
  /** Does again what was taken back last, or that change. A change of another kind meanwhile leaves nothing to do again. */
  'item/redo': {
    params: z.object({ change: z.number().int().optional() }),
    result: z.object({ item: Item.nullable(), history: ItemHistory }),
  },
  /**
   * Submits a task for it. When its proposal is accepted, or it is done and of a kind that proposes nothing, the item is done.
   * Asking again with the same `taskId` gives the same task.
   */
  'item/start': {
    params: ItemRef.extend({
      taskId: z.uuid().optional(),
      kind: TaskKind.default('agent'),
      /** What to do; the title without one. */
      instruction: z.string().trim().min(1).max(MAX_TEXT).optional(),
      model: z.string().min(1).max(128).default('default'),
      autoAccept: AutoAccept.default('none'),
    }),
    result: z.object({ item: Item, task: Task }),
  },
} as const;

export const itemNotifications = {
  /** Server to every client, when an item or a task of it changed: a whole snapshot. */
  'item/didChange': z.object({ item: Item }),
  /** Server to every client, when an item was removed. */
  'item/didRemove': z.object({ itemId: z.string() }),
  /** Server to every client, when there is something else to undo or to redo. */
  'item/didHistory': ItemHistory,
} as const;
