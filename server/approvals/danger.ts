import { posix, win32 } from 'node:path';
import { behindSettings, type Command, type CommandLine, programName, type Shell, type Word } from './command.ts';
import { type Destructive, destructive, destructiveTexts } from './destructive.ts';

export interface Place {
  /** Absolute path of the workspace, in which the line runs. */
  root: string;
  shell: Shell;
}

/** Programs that run what their words say; each of these may be the program that counts. */
const RUNNERS = new Set(
  'env nohup nice ionice chrt time timeout stdbuf setsid command builtin exec xargs parallel watch find fd fdfind sudo doas su busybox toybox unbuffer script strace ltrace gdb flock caffeinate eval npx bunx pnpx uvx pipx git sh bash dash zsh ksh ash fish then do else'.split(
    ' ',
  ),
);

/** Why a line is destructive, each a sentence; empty when nothing in it is known to be. */
export function dangersOf({ commands, doubts }: CommandLine, line: string, place: Place): string[] {
  const reasons = new Set<string>();
  // A relative path means something else somewhere else.
  const moved = commands.some((command) =>
    ['cd', 'pushd', 'popd', 'chdir', 'set-location', 'sl', 'push-location'].includes(
      nameOf(behindSettings(command)[0]),
    ),
  );
  for (const command of commands)
    for (const reason of aboutAny(behindSettings(command), command, place, moved)) reasons.add(reason);
  for (const { redirects } of commands)
    if (redirects.some((path) => isBeyond({ text: path, is: 'certain' }, place, moved)))
      reasons.add('It may write outside of the folder.');
  if (doubts.length > 0) {
    for (const reason of destructiveTexts(line)) reasons.add(reason);
    // Any word may then be the program.
    const words = line.split(/[\s;&|<>(){}'"`$]+/).map((text): Word => ({ text, is: 'certain' }));
    const whole: Command = { words, redirects: [], piped: false, inner: false };
    for (const reason of aboutAny(words, whole, place, true, true)) reasons.add(reason);
  }
  return [...reasons];
}

/** The reasons of the entries that are about a command, or about one that it may run for it: any of its words, where it is a runner. */
function aboutAny(
  words: readonly Word[],
  command: Command,
  place: Place,
  moved: boolean,
  isRunner = RUNNERS.has(nameOf(words[0])),
): string[] {
  // Every condition asks for a word that comes later: where a program stands twice, the first time tells all that the second would.
  const first = new Map<string, number>();
  for (const [index, word] of (isRunner ? words : words.slice(0, 1)).entries()) {
    const name = nameOf(word);
    if (!first.has(name)) first.set(name, index);
  }
  const placesOf = (known: string): number[] =>
    known.endsWith('*')
      ? [...first].flatMap(([name, index]) => (name.startsWith(known.slice(0, -1)) ? [index] : []))
      : [first.get(known) ?? -1];
  return destructive.flatMap((entry) => {
    const at = entry.programs.flatMap(placesOf).filter((index) => index >= 0);
    if (at.length === 0) return [];
    return isAbout(entry, words.slice(at.reduce((one, other) => Math.min(one, other)) + 1), command, place, moved)
      ? [entry.reason]
      : [];
  });
}

const nameOf = (word: Word | undefined): string => programName(word?.text ?? '');

/** Whether what follows the program of an entry is as the entry says. */
function isAbout(entry: Destructive, rest: readonly Word[], command: Command, place: Place, moved: boolean): boolean {
  const texts = rest.map(({ text }) => text);
  return (
    (entry.shells?.includes(place.shell) ?? true) &&
    (entry.words?.every((word) => texts.includes(word)) ?? true) &&
    (entry.options?.some((option) => texts.some((text) => hasOption(text, option))) ?? true) &&
    (entry.like === undefined || texts.some((text) => entry.like?.test(text))) &&
    (entry.piped === undefined || command.piped) &&
    (entry.beyond === undefined || rest.some((word) => isBeyond(word, place, moved)))
  );
}

const hasOption = (text: string, option: string): boolean =>
  text === option ||
  (option.startsWith('--') && text.startsWith(`${option}=`)) ||
  (/^-\w$/.test(option) && /^-\w+$/.test(text) && text.includes(option.slice(1)));

/** Whether a word may mean anything but a file or folder within the workspace; options do not. */
function isBeyond({ text, is }: Word, { root, shell }: Place, moved: boolean): boolean {
  const windows = shell !== 'posix';
  if (is === 'unknown') return true;
  if (text.startsWith('-') || (windows && /^\/\w+$/.test(text))) return false;
  const { resolve, sep, dirname } = windows ? win32 : posix;
  const value = windows ? text : text.replace(/^\w+=/, '');
  // Of a pattern that much is certain that stands in front of it.
  const whole = is === 'pattern' ? dirname(`${value.replace(/[*?[].*$/s, '')}x`) : value;
  if (moved || whole.startsWith('~') || /^[A-Za-z]:(?![\\/])/.test(whole)) return true;
  const path = resolve(root, whole);
  return !path.startsWith(root + sep) || path.slice(root.length).split(/[\\/]/).includes('.git');
}
