import type { Command } from './command.ts';

export const logCommands: Readonly<Record<string, Command>> = {
  'ospain2.log.show':
    ({ log }) =>
    () =>
      log.show(),
};
