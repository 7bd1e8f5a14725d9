import type { ApprovalRule, AutoAccept, Trust } from '../../protocol/index.ts';
import type { CommandLine, Shell } from './command.ts';
import { parseCommandLine } from './commandLine.ts';
import { dangersOf } from './danger.ts';
import { exactPattern } from './pattern.ts';
import { ruleFor, ruleForCommand, ruleText, type SourcedRule } from './rules.ts';

/**
 * What a call does to the world: it looks, it edits the task's overlay, it acts on something outside of the overlay, or it
 * asks a person.
 */
export type Effect = 'look' | 'edit' | 'act' | 'ask';

export interface CommandDeed {
  readonly line: string;
  readonly shell: Shell;
  readonly sandboxed: boolean;
  /** Why it is not, a sentence. */
  readonly note?: string | undefined;
}

/** What a tool says of a call, where its fields do not. */
export type About = Partial<Pick<Deed, 'paths' | 'command' | 'danger' | 'mayDestroy'>>;

/** What a call would do, as far as rules are about it. */
export interface Deed {
  readonly tool: string;
  readonly effect: Effect;
  /** Files and folders that it names, within the workspace, with `/`. */
  readonly paths: readonly string[];
  readonly command?: CommandDeed | undefined;
  /** Why it can hardly be undone, where the tool knows it. */
  readonly danger?: string | undefined;
  /** Why no level is enough for it, as somebody else says: a rule for its tool is. */
  readonly mayDestroy?: string | undefined;
}

export interface Surroundings {
  readonly level: AutoAccept;
  readonly rules: readonly SourcedRule[];
  /** Why some rules are not known, each a sentence: what acts is asked about then. */
  readonly problems: readonly string[];
  readonly trust: Trust;
  /** Absolute path of the workspace. */
  readonly root: string;
}

export type Decision =
  /** `why` is for the log. */
  | { readonly does: 'run'; readonly why: string }
  /** `rules`: what may be remembered of a yes; none where the person is asked each time. */
  | { readonly does: 'ask'; readonly reasons: readonly string[]; readonly rules: readonly ApprovalRule[] }
  /** `why` is told to the model, in one line. */
  | { readonly does: 'refuse'; readonly why: string };

/** Whether a call is made, asked about, or refused: docs/approvals.md says it for people. */
export function decide(deed: Deed, around: Surroundings): Decision {
  const { tool, effect, paths } = deed;
  if (around.trust === 'untrusted' && effect !== 'look')
    return refuse('this folder is not trusted, so its files can be read and nothing else can be done');
  const about = [ruleFor(around.rules, tool), ...paths.map((path) => ruleFor(around.rules, tool, path))];
  const denied = about.find((rule) => rule?.does === 'deny');
  if (denied) return refuse(`the person does not allow this (${ruleText(denied)})`);
  if (deed.command) return decideCommand(deed, deed.command, around);
  const asked = about.find((rule) => rule?.does === 'ask');
  // Each of the paths has to be allowed; a rule about the tool as a whole is about each.
  const deciding = paths.length > 0 ? about.slice(1) : about;
  const [first] = deciding;
  const allowed = deciding.every((rule) => rule?.does === 'allow');
  const reasons = [
    ...(effect === 'act' ? around.problems : []),
    ...(deed.danger ? [deed.danger] : []),
    ...(asked ? [sentence(`It is asked for by ${ruleText(asked)}`)] : []),
  ];
  if (reasons.length > 0) return { does: 'ask', reasons, rules: [] };
  if (effect !== 'act') return { does: 'run', why: 'allowed' };
  if (allowed && first) return { does: 'run', why: `allowed by ${ruleText(first)}` };
  if (around.level === 'allButDestructive' && deed.mayDestroy === undefined)
    return { does: 'run', why: 'allowed by the level of the task' };
  const why = ['It reaches beyond the folder.', ...(deed.mayDestroy === undefined ? [] : [deed.mayDestroy])];
  return { does: 'ask', reasons: why, rules: [{ tool, does: 'allow' }] };
}

function decideCommand(deed: Deed, { line, shell, sandboxed, note }: CommandDeed, around: Surroundings): Decision {
  const parsed = parseCommandLine(line, shell);
  const found = parsed.commands.map((command) => ruleForCommand(around.rules, deed.tool, command));
  const denied = found.find((rule) => rule?.does === 'deny');
  if (denied) return refuse(`the person does not allow this (${ruleText(denied)})`);
  const dangers = [...dangersOf(parsed, line, { root: around.root, shell }), ...(deed.danger ? [deed.danger] : [])];
  const asking = [...new Set(found.filter((rule) => rule?.does === 'ask'))].flatMap((rule) => (rule ? [rule] : []));
  const reasons = [
    ...dangers,
    ...around.problems,
    ...asking.map((rule) => sentence(`It is asked for by ${ruleText(rule)}`)),
  ];
  if (reasons.length > 0) return { does: 'ask', reasons, rules: [] };
  const outer = parsed.commands.flatMap((command, index) => (command.inner ? [] : [{ command, rule: found[index] }]));
  const open = outer.filter(({ rule }) => rule?.does !== 'allow');
  const [rule] = outer.map(({ rule }) => rule);
  if (open.length === 0 && rule && parsed.doubts.length === 0)
    return { does: 'run', why: `allowed by ${ruleText(rule)}` };
  if (sandboxed && (around.level === 'sandboxed' || around.level === 'allButDestructive'))
    return { does: 'run', why: 'allowed by the level of the task, in the sandbox' };
  if (parsed.doubts.length === 0 && around.level === 'allButDestructive')
    return { does: 'run', why: 'allowed by the level of the task' };
  return {
    does: 'ask',
    reasons: [...parsed.doubts, sandboxed ? 'It runs in the sandbox.' : (note ?? 'It does not run in a sandbox.')],
    rules: offered(
      deed.tool,
      parsed,
      open.map(({ command }) => command),
    ),
  };
}

/** Rules that would have allowed it; none where it cannot be said in rules. */
function offered(tool: string, { doubts }: CommandLine, open: CommandLine['commands']): ApprovalRule[] {
  if (doubts.length > 0 || open.length > MAX_RULES) return [];
  const plain = open.every(
    ({ words, redirects }) => redirects.length === 0 && words.every(({ is }) => is === 'certain'),
  );
  if (!plain) return [];
  return [...new Set(open.map(({ words }) => exactPattern(words)))].map((command) => ({
    tool,
    command,
    does: 'allow',
  }));
}

/** So many a person looks at before they say yes to all. */
const MAX_RULES = 5;

const refuse = (why: string): Decision => ({ does: 'refuse', why });
const sentence = (text: string): string => `${text}.`;
