import type { NotificationParams, Task } from '../../../protocol/index.ts';
import { VERSION } from '../../version.ts';
import type { Served } from '../served.ts';
import type { Change, Offer } from './offer.ts';
import { registerPrompts } from './prompts.ts';
import { MODELS, registerResources, TASKS, taskUri } from './resources.ts';
import { hasEnded } from './taskView.ts';
import { registerModelTools } from './tools/modelTools.ts';
import { registerNoteTools } from './tools/noteTools.ts';
import { registerProposalTools } from './tools/proposalTools.ts';
import { registerSearchTools } from './tools/searchTools.ts';
import { registerTaskTools } from './tools/taskTools.ts';

export interface OfferOptions {
  /** Whether a person let this client accept, reject and undo edits: accepting writes to disk. */
  decides: boolean;
}

/** What the product offers to other programs over the Model Context Protocol. */
export function createProductOffer(served: Served, { decides }: OfferOptions): Offer {
  return {
    name: 'ospain2',
    title: 'OSPAiN2',
    version: VERSION,
    instructions:
      'Tasks of one workspace, done by models on this machine. Submit a task, wait for it, then show its result or its edits. ' +
      (decides ? 'Accept edits only when you have looked at them.' : 'A person accepts the edits.'),
    register(server) {
      registerTaskTools(server, served);
      registerProposalTools(server, served, { decides });
      registerModelTools(server, served);
      registerSearchTools(server, served);
      registerNoteTools(server, served);
      registerResources(server, served);
      registerPrompts(server, served);
    },
    onChange(listener) {
      const changed = createTaskChanges(listener);
      return served.onNotification(({ method, params }) => {
        if (method === 'task/didChange') changed(params.task);
        if (method === 'model/didChange' || method === 'model/didRemove') listener({ is: 'resource', uri: MODELS });
        if (method === 'server/didLog') log(params, listener);
      });
    },
  };
}

/** A task changes with every piece of text; others are told when there is something new to read. */
function createTaskChanges(listener: (change: Change) => void): (task: Task) => void {
  const seen = new Map<string, string>();
  return (task) => {
    const { id, number, status, progress, waits, proposal } = task;
    const now = JSON.stringify([status, progress, waits, proposal]);
    const before = seen.get(id);
    if (before === now) return;
    if (hasEnded(task)) seen.delete(id);
    else seen.set(id, now);
    const uris = [
      TASKS,
      taskUri(number),
      ...(hasEnded(task) ? ['result', 'proposal'].map((end) => `${taskUri(number)}/${end}`) : []),
    ];
    for (const uri of uris) listener({ is: 'resource', uri });
    if (before === undefined || hasEnded(task)) listener({ is: 'list' });
  };
}

function log({ level, message }: NotificationParams<'server/didLog'>, listener: (change: Change) => void): void {
  if (level !== 'debug') listener({ is: 'log', level: level === 'warn' ? 'warning' : level, text: message });
}
