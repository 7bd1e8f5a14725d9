import { requireFolder } from '../workspace.ts';
import type { Command } from './command.ts';

export const hubCommands: Readonly<Record<string, Command>> = {
  'ospain2.hub.open':
    ({ hubPanel }) =>
    () => {
      requireFolder();
      return hubPanel.show();
    },
};
