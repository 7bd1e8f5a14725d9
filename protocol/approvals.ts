import { z } from 'zod';

/** How long a person's answer may be, in characters. */
export const MAX_ANSWER = 65_536;

/**
 * What is to happen with calls of a tool. `tool` takes `*` for any letters; `path` is a pattern as in `.gitignore`;
 * `command` is words, see docs/approvals.md. A rule with neither is about every call of the tool.
 */
export const ApprovalRule = z.strictObject({
  tool: z.string().min(1).max(128),
  command: z.string().trim().min(1).max(2000).optional(),
  path: z.string().min(1).max(4096).optional(),
  does: z.enum(['allow', 'ask', 'deny']),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

/** How long an answer is remembered: for this task, in this workspace, or for every workspace of the user. */
export const Remember = z.enum(['task', 'workspace', 'user']);
export type Remember = z.infer<typeof Remember>;

/** `answered`: a question that got a reply. `dropped`: its task ended before anybody answered. */
export const ApprovalStatus = z.enum(['open', 'allowed', 'denied', 'answered', 'dropped']);
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

/** What a task asks a person before it goes on. It waits without a worker; the answer is used once. */
export const Approval = z.object({
  /** Short and unique in the workspace; people type this one. */
  id: z.number().int(),
  taskId: z.string(),
  taskNumber: z.number().int(),
  /** The model turn that led here; counts from 1. */
  turn: z.number().int(),
  /** `call`: whether it may be made. `question`: what the model wants to know, which a text answers. */
  kind: z.enum(['call', 'question']),
  tool: z.string(),
  /** One line, such as "run `npm test`". */
  summary: z.string(),
  /** Letter for letter what would be done, or the whole question. */
  text: z.string(),
  /** Why it is asked, each a sentence. */
  reasons: z.array(z.string()),
  /** What is written down when the answer is remembered; empty where it cannot be. */
  rules: z.array(ApprovalRule),
  status: ApprovalStatus,
  /** What the person wrote. */
  answer: z.string().nullable(),
  askedAt: z.number().int(),
  answeredAt: z.number().int().nullable(),
});
export type Approval = z.infer<typeof Approval>;

/** A rule, and where it is written down: remembered for a task or the workspace, in the user's file, or in the folder's own. */
export const WrittenRule = ApprovalRule.extend({
  /** What was remembered can be forgotten by this number; what is in a file has none. */
  ruleId: z.number().int().nullable(),
  source: z.enum(['task', 'workspace', 'user', 'folder']),
  taskNumber: z.number().int().nullable(),
});
export type WrittenRule = z.infer<typeof WrittenRule>;

export const approvalMethods = {
  /** Newest first. */
  'approval/list': {
    params: z.object({
      status: z.array(ApprovalStatus).optional(),
      taskId: z.string().min(1).max(64).optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    result: z.object({ approvals: z.array(Approval) }),
  },
  'approval/show': { params: z.object({ approvalId: z.number().int() }), result: z.object({ approval: Approval }) },
  /**
   * Answers once, and the task goes on; `wrong_state` when somebody was quicker or the task has ended. A question needs
   * `text` to be allowed. The model is told the text of a denial.
   */
  'approval/answer': {
    params: z.object({
      approvalId: z.number().int(),
      answer: z.enum(['allow', 'deny']),
      text: z.string().trim().max(MAX_ANSWER).optional(),
      remember: Remember.optional(),
    }),
    result: z.object({ approval: Approval }),
  },
  /** All rules; `problems` are sentences about files that cannot be read, and `userFile` the one that people edit. */
  'approval/rules': {
    params: z.object({}),
    result: z.object({ rules: z.array(WrittenRule), problems: z.array(z.string()), userFile: z.string() }),
  },
  /** Writes a rule down, for this workspace or in the user's file; one that is there already stays one. */
  'approval/addRule': {
    params: z.object({ rule: ApprovalRule, scope: z.enum(['workspace', 'user']) }),
    result: z.object({}),
  },
  /** Takes a rule out of the user's file. */
  'approval/removeRule': { params: z.object({ rule: ApprovalRule }), result: z.object({}) },
  /** Takes back what was remembered. */
  'approval/forget': { params: z.object({ ruleId: z.number().int() }), result: z.object({}) },
} as const;

export const approvalNotifications = {
  /** Server to every client, when something was asked, answered or dropped: a whole snapshot. */
  'approval/didChange': z.object({ approval: Approval }),
} as const;
