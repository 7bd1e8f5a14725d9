import type { RuleBook } from '../approvals/ruleBook.ts';
import { ruleFor } from '../approvals/rules.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import { redact } from './redaction.ts';

/** The name by which rules allow that secrets are shown: for a path, or for all that has none. */
export const SHOW_SECRETS = 'show_secrets';

/** What a text comes from. */
export interface Origin {
  task: { number: number };
  /** The tool that gave it, or `briefing`. */
  from: string;
  /** Files and folders that it is of, within the workspace. */
  paths?: readonly string[];
}

/** Keeps secrets out of what models are told and logs keep. */
export interface Secrets {
  /** The text with a mark in the place of each secret, unless a rule of the person allows that they are shown. */
  hide(text: string, origin: Origin): Promise<string>;
}

export function createSecrets({ rules, audit }: { rules: Pick<RuleBook, 'of'>; audit: RecordAudit }): Secrets {
  const mayShow = ({ task, paths = [] }: Origin): boolean => {
    // By its name alone: who allows all tools has not thought of this.
    const ours = rules.of(task).rules.filter(({ tool }) => tool === SHOW_SECRETS);
    const about =
      paths.length === 0 ? [ruleFor(ours, SHOW_SECRETS)] : paths.map((path) => ruleFor(ours, SHOW_SECRETS, path));
    return about.every((rule) => rule?.does === 'allow');
  };
  return {
    async hide(text, origin) {
      const { text: redacted, kinds } = await redact(text);
      if (kinds.length === 0 || mayShow(origin)) return text;
      const { task, from, paths = [] } = origin;
      const details = { task: task.number, kinds: [...new Set(kinds)], count: kinds.length, paths };
      audit({ type: 'secret.hidden', subject: from, details });
      return redacted;
    },
  };
}
