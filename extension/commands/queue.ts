import * as vscode from 'vscode';
import { t } from '../../protocol/words.ts';
import { type Command, connected } from './command.ts';

export const queueCommands: Readonly<Record<string, Command>> = {
  'ospain2.queue.pause': connected(async ({ client }) => {
    const state = await client.request('queue/pause', {});
    const running = state.counts['running'] ?? 0;
    const paused = t('The queue is paused: no task starts.');
    const text = running === 0 ? paused : `${paused} ${t('What runs goes on to its end.')}`;
    vscode.window.setStatusBarMessage(text, 5000);
    return state;
  }),

  'ospain2.queue.resume': connected(({ client }) => client.request('queue/resume', {})),
};
