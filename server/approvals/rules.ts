import type { ApprovalRule } from '../../protocol/index.ts';
import { behindSettings, type Command, programName, type Word } from './command.ts';
import { commandPattern, nameFits, pathFits } from './pattern.ts';

/** Where a rule is written down: who remembered it, or the folder's own file. */
export type Source = 'task' | 'workspace' | 'user' | 'folder';

export interface SourcedRule extends ApprovalRule {
  readonly source: Source;
}

const ORDER = { deny: 0, ask: 1, allow: 2 } as const;
const NEARNESS: Readonly<Record<Source, number>> = { task: 0, workspace: 1, user: 2, folder: 3 };

/**
 * The rule that decides about a tool, or about one of its paths: deny goes before ask, and ask before allow; among equals the
 * one with more letters that stand for themselves, then the one that was written down nearer to the task. Rules that name a
 * command are about nothing else.
 */
export function ruleFor(rules: readonly SourcedRule[], tool: string, path?: string): SourcedRule | undefined {
  return first(
    rules.filter(
      (rule) =>
        rule.command === undefined &&
        nameFits(rule.tool, tool) &&
        (rule.path === undefined || (path !== undefined && pathFits(rule.path, path))),
    ),
  );
}

/** The same about one command of a line that the tool runs; rules about the tool as a whole are about each of its commands. */
export function ruleForCommand(rules: readonly SourcedRule[], tool: string, command: Command): SourcedRule | undefined {
  const whole = rules.filter((rule) => rule.path === undefined && nameFits(rule.tool, tool));
  return first(whole.filter((rule) => rule.command === undefined || isAbout(rule, rule.command, command)));
}

function isAbout({ does }: ApprovalRule, text: string, command: Command): boolean {
  const pattern = commandPattern(text);
  // What is forbidden stays so in any dress: behind settings and other programs, and by its whole path.
  if (does !== 'allow') return dresses(command).some((words) => pattern.fits(words));
  // What is allowed is these words and nothing besides. A program that runs others is allowed letter for letter.
  return (
    !command.inner &&
    command.redirects.length === 0 &&
    (pattern.exact || !runsOthers(command.words)) &&
    pattern.fits(command.words)
  );
}

function dresses(command: Command): Word[][] {
  const words = behindSettings(command);
  return words.map((_, index) =>
    words.slice(index).map((word, at) => (at === 0 ? { ...word, text: programName(word.text) } : word)),
  );
}

/** Programs whose words may be other programs, or text that they run. */
const RUNNERS = new Set(
  'env nohup nice ionice chrt time timeout stdbuf setsid command builtin exec xargs parallel watch sudo doas su busybox toybox unbuffer script strace ltrace gdb flock caffeinate eval source . sh bash dash zsh ksh ash fish csh ssh docker podman kubectl npx bunx pnpx uvx powershell pwsh cmd iex invoke-expression awk gawk mawk nawk sed vim vi nvim emacs'.split(
    ' ',
  ),
);
const INTERPRETERS = /^(python[\d.]*|node|deno|bun|perl|ruby|php|lua|tclsh|osascript|rscript|julia|scala|groovy)$/;
/** Options that name a program or bring its text, of programs that are not made for that. */
const RUNNING =
  /^(-exec(dir)?|-ok(dir)?|-delete|-f(print|ls)\w*|--(exec|upload-pack|receive-pack|to-command|checkpoint-action|use-compress-program|eval|print|require|import|config|rsh|open-files-in-pager)(=.*)?)$/;

function runsOthers(words: readonly Word[]): boolean {
  const name = programName(words[0]?.text ?? '');
  if (RUNNERS.has(name)) return true;
  return words.some(
    ({ text }) =>
      RUNNING.test(text) ||
      (INTERPRETERS.test(name) && /^-\w*[cepr]\w*$/i.test(text)) ||
      (name === 'git' && /^-[cO]/.test(text)),
  );
}

function first(rules: readonly SourcedRule[]): SourcedRule | undefined {
  return rules.toSorted(
    (one, other) =>
      ORDER[one.does] - ORDER[other.does] ||
      letters(other) - letters(one) ||
      NEARNESS[one.source] - NEARNESS[other.source],
  )[0];
}

const letters = ({ tool, command = '', path = '' }: ApprovalRule): number =>
  (tool + command + path).replaceAll('*', '').length;

const OWNERS: Readonly<Record<Source, string>> = {
  task: 'remembered for this task',
  workspace: 'remembered in this workspace',
  user: 'of yours',
  folder: 'of this folder',
};

/** A rule in words, such as "a rule of yours: `npm *`". */
export const ruleText = ({ source, tool, command, path }: SourcedRule): string =>
  `a rule ${OWNERS[source]}: \`${command ?? (path === undefined ? tool : `${tool} ${path}`)}\``;
