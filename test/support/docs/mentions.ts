import type { Command, Option } from 'commander';
import { commandTree } from '../../../scripts/docs/commandTree.ts';

const { program } = commandTree();

/** What is wrong with commands of `ospain2` in a text, whether or not somebody could run it as it stands. */
export function wrongCommands(text: string): string[] {
  return [...text.matchAll(/(?:^|[\s(;$"])ospain2((?: +(?:"[^"]*"|'[^']*'|[^\s;|&)`"<>#]+(?:\|[\w-]+)*))+)/gm)].flatMap(
    ([, rest = '']) => {
      const problem = problemOf(rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? []);
      return problem === null ? [] : [`ospain2${rest}: ${problem}`];
    },
  );
}

function problemOf(words: readonly string[]): string | null {
  let commands: Command[] = [program];
  let operands = 0;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word.startsWith('-') && word.length > 1) {
      const [name = ''] = word.split('=');
      const found = name === '--' || commands.map((command) => optionOf(command, name));
      if (found === true) return null;
      if (found.every((option) => option === undefined)) return `there is no option ${name}`;
      const takes = word.includes('=') ? [] : found.filter((option) => option?.required === true);
      if (takes.length > 0) index += 1;
      // The words behind it are all its values.
      if (takes.some((option) => option?.variadic === true)) return null;
    } else if (operands === 0 && commands.every((command) => command.commands.length > 0)) {
      // `show|verify` are two, and what is in capitals or dots stands for anything.
      if (/^(?:[A-Z]{2,}|…|\.\.\.)/.test(word)) return null;
      const names = word.split('|');
      const below = names.flatMap((name) =>
        commands.flatMap((command) => command.commands.find((one) => one.name() === name) ?? []),
      );
      if (below.length < names.length) return `there is no command ${word}`;
      commands = below;
    } else operands += 1;
  }
  const most = Math.max(...commands.map(({ registeredArguments: all }) => (all.at(-1)?.variadic ? 99 : all.length)));
  return operands > most && commands.every((command) => command.commands.length === 0)
    ? 'it takes fewer arguments'
    : null;
}

const builtIn = ['-h', '--help', '-V', '--version'];

function optionOf(command: Command, name: string): Option | { required: false; variadic: false } | undefined {
  const found: Option | undefined = command.options.find(({ long, short }) => name === long || name === short);
  if (found !== undefined) return found;
  if (command.parent !== null) return optionOf(command.parent, name);
  return builtIn.includes(name) ? { required: false, variadic: false } : undefined;
}
