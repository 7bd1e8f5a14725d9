import { z } from 'zod';
import { AutoAccept, MAX_TEXT, Task } from './tasks.ts';

/** Line and character count from 0; characters are UTF-16 code units, as in LSP 3.17. */
const Position = z.object({
  line: z.number().int().min(0).max(10_000_000),
  character: z.number().int().min(0).max(10_000_000),
});
export const TextRange = z.object({ start: Position, end: Position });
export type TextRange = z.infer<typeof TextRange>;

/** What a compiler or linter says about a range: LSP's diagnostic. */
export const Problem = z.object({
  range: TextRange,
  message: z.string().max(20_000),
  /** Such as `2724` or `camelcase`. */
  code: z.string().max(256).optional(),
  /** Who says it, such as `ts` or `eslint`. */
  source: z.string().max(256).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** A document as the editor has it, saved or not. */
const OpenText = z.object({
  /** Inside the workspace, or absolute. */
  path: z.string().min(1).max(4096),
  /** The editor's identifier of the language, such as `typescript`. */
  language: z.string().max(64),
  text: z.string().max(MAX_TEXT),
});

/** Where the person is, and what is said to be wrong there. */
const Spot = OpenText.extend({ range: TextRange, problems: z.array(Problem).max(1000).default([]) });
export type Spot = z.infer<typeof Spot>;

export const ActionName = z.enum(['explain', 'fix', 'document', 'tests', 'refactor', 'ask']);
export type ActionName = z.infer<typeof ActionName>;

/** What can be done with the code where a person is. */
export const Action = z.object({
  name: ActionName,
  title: z.string(),
  /** Which of the problems it would fix: a place in the list that was given. */
  problem: z.number().int().nullable(),
  /** Why it cannot be done here; null when it can. */
  disabled: z.string().nullable(),
  /** What the person must say first; null when nothing is missing. */
  question: z.string().nullable(),
  /** What it does in the end is certain, not only likely. */
  sure: z.boolean(),
  /** What it is about. */
  range: TextRange,
});
export type Action = z.infer<typeof Action>;

/** The declaration of a function or class, and what can be done with it. */
const Lens = z.object({ name: z.string(), range: TextRange, actions: z.array(Action) });
export type Lens = z.infer<typeof Lens>;

const submission = {
  id: z.uuid().optional(),
  model: z.string().min(1).max(128).default('default'),
};

export const actionMethods = {
  /** Everything that the product does with a piece of code, for the model that would do it. Nothing outside of the workspace. */
  'action/list': {
    params: Spot.extend({
      model: submission.model,
      /** Nobody asked for it: nothing is offered where nothing is wrong and nothing is selected. */
      automatic: z.boolean().default(false),
    }),
    result: z.object({ actions: z.array(Action) }),
  },
  /** Submits an action as an interactive task. `wrong_state` for one that is disabled, and for edits of a file that is not saved. */
  'action/run': {
    params: Spot.extend({
      ...submission,
      name: ActionName,
      problem: z.number().int().min(0).nullable().default(null),
      /** The answer to the action's question. */
      said: z.string().trim().min(1).max(100_000).optional(),
      autoAccept: AutoAccept.default('none'),
    }),
    result: z.object({ task: Task }),
  },
  /** Where an editor may show actions above the code. */
  'action/lenses': {
    params: OpenText.extend({ model: submission.model }),
    result: z.object({ lenses: z.array(Lens) }),
  },
  /** Submits the question for a commit message as an interactive task; its result is the message. */
  'action/commitMessage': {
    params: z.object({
      ...submission,
      /** What `git diff --cached` prints. */
      diff: z.string().max(20 * MAX_TEXT),
    }),
    result: z.object({ task: Task }),
  },
} as const;
