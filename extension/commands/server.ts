import type { Command } from './command.ts';

export const serverCommands: Readonly<Record<string, Command>> = {
  'ospain2.server.showStatus':
    ({ statusDocument }) =>
    () =>
      statusDocument.show(),

  'ospain2.server.restart':
    ({ connection }) =>
    async () => {
      await connection.restart();
    },
};
