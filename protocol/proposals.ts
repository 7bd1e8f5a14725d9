import { z } from 'zod';
import { ProposalStatus } from './tasks.ts';

/**
 * One file of a proposal. `before` is null for a new file, `after` for a deleted one; a move is a deleted and a new one.
 * Paths are relative to the workspace, with `/`.
 */
export const ProposalFile = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type ProposalFile = z.infer<typeof ProposalFile>;

/** Lines of one side: the number of the first, from 1, and how many; with none, the line in front of which they would be. */
const Lines = z.object({ line: z.number().int(), count: z.number().int() });

/** Changed lines that stand together, with unchanged ones around them; a new or deleted file is one. */
export const Hunk = z.object({
  /** The same for as long as the lines that it changes are; made by the server. */
  id: z.string(),
  before: Lines,
  after: Lines,
});
export type Hunk = z.infer<typeof Hunk>;

/** A file as it is reviewed. `before` and `after` are of what is left to decide; of what is on disk where all is decided. */
export const ReviewedFile = ProposalFile.extend({
  /** How much of the file's edits was accepted and is on disk. */
  written: z.enum(['none', 'some', 'all']),
  /** What is left to decide, from the beginning of the file to its end; empty where nothing is. */
  hunks: z.array(Hunk),
  /**
   * Whether what is left fits the file on disk: as it is, by merging it with what was changed there meanwhile, or not,
   * because the same lines were changed.
   */
  fit: z.enum(['exact', 'merge', 'conflict']),
});
export type ReviewedFile = z.infer<typeof ReviewedFile>;

/** The edits of one task. While `status` is `open`, only those are on disk that were accepted by themselves. */
export const Proposal = z.object({
  taskId: z.string(),
  status: ProposalStatus,
  files: z.array(ReviewedFile),
  /** Which deleted and new files of it are one file that was moved, by what is in them; each path is in one at most. */
  moves: z.array(z.object({ from: z.string(), to: z.string() })),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type Proposal = z.infer<typeof Proposal>;

/** A part of a proposal: files, or hunks of them. Both names of a moved file go together. */
export const Selection = z
  .array(z.object({ path: z.string(), hunks: z.array(z.string().max(64)).min(1).optional() }))
  .min(1);
export type Selection = z.infer<typeof Selection>;

/** A file in which the same lines were changed on disk and by a task, so that no merge can decide for the person. */
export const Conflict = z.object({
  path: z.string(),
  /** For people: what is in the way. */
  reason: z.string(),
  /** Where both parted; null where there was no file. */
  base: z.string().nullable(),
  /** What is there now. */
  ours: z.string().nullable(),
  /** What is wanted there: by a task, or by the person who takes it back. */
  theirs: z.string().nullable(),
  /** Both in one text, their conflicts marked as git does; null where one side is no text. */
  marked: z.string().nullable(),
});
export type Conflict = z.infer<typeof Conflict>;

const OfTask = z.object({ taskId: z.string().min(1).max(64) });
const OneProposal = z.object({ proposal: Proposal });

export const proposalMethods = {
  'proposal/show': { params: OfTask, result: OneProposal },
  /**
   * Writes edits to disk, all that were selected or none; `conflict` when a file is not as the task saw it and `merge` is not
   * given, or not possible. What was undone is merged without being asked.
   */
  'proposal/accept': {
    params: OfTask.extend({ files: Selection.optional(), merge: z.boolean().optional() }),
    result: OneProposal,
  },
  /** Drops what is left to decide, or a part of it. */
  'proposal/reject': { params: OfTask.extend({ files: Selection.optional() }), result: OneProposal },
  /**
   * Makes what is left to decide fit the files on disk, to be reviewed again; nothing is written. `conflicts` are the paths
   * for which it cannot. `resolved` holds what a person made of a file, over the text that it had then; with `markers` a
   * conflict becomes a text with markers.
   */
  'proposal/merge': {
    params: OfTask.extend({
      resolved: z
        .array(z.object({ path: z.string(), over: z.string().nullable(), text: z.string().nullable() }))
        .optional(),
      markers: z.boolean().optional(),
    }),
    result: OneProposal.extend({ conflicts: z.array(z.string()) }),
  },
  /** What keeps an open proposal from being accepted, or an accepted one from being undone. */
  'proposal/conflicts': { params: OfTask, result: z.object({ conflicts: z.array(Conflict) }) },
  /** Takes back what was accepted, also from under what other tasks wrote since; `conflict` where it cannot. */
  'proposal/undo': { params: OfTask, result: OneProposal },
} as const;
