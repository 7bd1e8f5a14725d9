import { Writable } from 'node:stream';
import type { Command } from 'commander';
import type { Action } from '../../cli/action.ts';
import { createProgram } from '../../cli/program.ts';

export interface CommandTree {
  program: Command;
  /** What was written since the last call. */
  written(): string;
}

/** The commands of `ospain2`, whose actions do nothing unless given: to write about them, and to parse what people write. */
export function commandTree(args: readonly string[] = ['task'], action: Action = () => async () => {}): CommandTree {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const program = createProgram({ args, env: {}, stdout: stream, stderr: stream, version: '0.0.0' }, action);
  return {
    program,
    written() {
      const all = text;
      text = '';
      return all;
    },
  };
}

/** Every command that does something, under its whole name, in the order of the help. */
export function leavesOf(command: Command, above: readonly string[] = []): { path: string; command: Command }[] {
  const names = [...above, command.name()];
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
  // A command with others below it that has options does something without them, too.
  const own = below.length === 0 || command.options.length > 0;
  return [
    ...(own && above.length > 0 ? [{ path: names.join(' '), command }] : []),
    ...below.flatMap((one) => leavesOf(one, names)),
  ];
}
