import type { Argument, Command, Option } from 'commander';

/** Things whose names a running server knows. */
export type Noun = 'task' | 'note' | 'model';

export interface Suggested {
  value: string;
  description: string;
}

export interface Completions {
  /** What begins as the word at the cursor does. */
  values: Suggested[];
  /** Names of files fit here, too. */
  files: boolean;
  noun: Noun | null;
}

/** What fits at the cursor: `words` are those behind the program's name, the last one being typed, perhaps empty. */
export function completionsOf(program: Command, words: readonly string[]): Completions {
  const typed = words.at(-1) ?? '';
  const { command, operands, option, ended } = walk(program, words.slice(0, -1));
  const filtered = (values: Suggested[], more: Partial<Completions> = {}): Completions => ({
    values: values.filter(
      ({ value }, index) => value.startsWith(typed) && values.findIndex((one) => one.value === value) === index,
    ),
    ...{ files: false, noun: null, ...more },
  });
  if (option !== null) return filtered(valuesOf(option.argChoices), kindOf(option.flags, option.long));
  // A shell that does not break words at `=`.
  const [, long = '', begun = ''] = /^(--[^=]+)=(.*)$/s.exec(typed) ?? [];
  if (long !== '') {
    const values = valuesOf(optionsOf(command).find((one) => one.long === long)?.argChoices);
    return filtered(values.map(({ value, description }) => ({ value: `${long}=${value}`, description })));
  }
  if (!ended && typed.startsWith('-') && begun === '')
    return filtered(
      optionsOf(command).flatMap(({ hidden, long, short, description }) =>
        hidden ? [] : [long, short].flatMap((value) => (value === undefined ? [] : [{ value, description }])),
      ),
    );
  const commands = operands === 0 ? subcommandsOf(command) : [];
  const argument = argumentAt(command, operands);
  if (argument === undefined) return filtered(commands);
  return filtered([...commands, ...valuesOf(argument.argChoices)], {
    ...kindOf(argument.name(), undefined),
    ...(command.parent?.name() === 'task' && argument.name().startsWith('number') && { noun: 'task' }),
  });
}

/** Where the words before the cursor lead: `option` is one that waits for its value. */
function walk(program: Command, words: readonly string[]) {
  let command = program;
  let operands = 0;
  let option: Option | null = null;
  let ended = false;
  for (const word of words) {
    // Bash breaks `--kind=ask` in three.
    if (word === '=' && option !== null) continue;
    if (option !== null) option = null;
    else if (ended || !word.startsWith('-') || word === '-') {
      const below = ended || operands > 0 ? undefined : command.commands.find((one) => namesOf(one).includes(word));
      if (below === undefined) operands += 1;
      else command = below;
    } else if (word === '--') ended = true;
    else {
      const found = optionsOf(command).find(({ long, short }) => word === long || word === short);
      if (found?.required === true) option = found;
    }
  }
  return { command, operands, option, ended };
}

const namesOf = (command: Command): string[] => [command.name(), ...command.aliases()];

/** A command has its own options and those of the commands above it. */
const optionsOf = (command: Command): Option[] => [
  ...command.createHelp().visibleOptions(command),
  ...(command.parent === null ? [] : optionsOf(command.parent)),
];

const subcommandsOf = (command: Command): Suggested[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ value: one.name(), description: one.description() }));

const argumentAt = (command: Command, index: number): Argument | undefined => {
  const all = command.registeredArguments;
  const last = all.at(-1);
  return all[index] ?? (last?.variadic === true ? last : undefined);
};

const valuesOf = (choices: readonly string[] | undefined): Suggested[] =>
  (choices ?? []).map((value) => ({ value, description: '' }));

/** By what a value is called in the usage. */
function kindOf(usage: string, long: string | undefined): Partial<Completions> {
  if (/file|folder|dir|path/.test(usage.replace(/^.*</, '')) && long !== '--name') return { files: true };
  if (long === '--model' || usage === 'model') return { noun: 'model' };
  if (usage === 'note') return { noun: 'note' };
  return {};
}
