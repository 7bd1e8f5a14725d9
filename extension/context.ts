import type { LogOutputChannel } from 'vscode';
import type { Client } from '../protocol/client.ts';
import type { Connection } from './connection.ts';
import type { Notifier } from './notifier.ts';
import type { TaskStore } from './taskStore.ts';
import type { ApprovalDocuments } from './views/approvalDocument.ts';
import type { HubPanel } from './views/hubPanel.ts';
import type { InlineRuns } from './views/inlineRuns.ts';
import type { MergeDocuments } from './views/mergeDocuments.ts';
import type { PlanDocuments } from './views/planDocuments.ts';
import type { ProposalReviews } from './views/proposalDiff.ts';
import type { StatusDocument } from './views/statusDocument.ts';
import type { TaskDocuments } from './views/taskDocument.ts';
import type { TasksTree } from './views/tasksTree.ts';

/** What commands may use. It lives as long as the extension. */
export interface Context {
  readonly log: LogOutputChannel;
  readonly connection: Connection;
  readonly store: TaskStore;
  readonly notifier: Notifier;
  readonly tasksTree: TasksTree;
  readonly taskDocuments: TaskDocuments;
  readonly reviews: ProposalReviews;
  readonly merges: MergeDocuments;
  readonly plans: PlanDocuments;
  readonly inlineRuns: InlineRuns;
  readonly hubPanel: HubPanel;
  readonly approvalDocuments: ApprovalDocuments;
  readonly statusDocument: StatusDocument;
}

/** With a server that can be asked: what a command takes that cannot work without. */
export interface Connected extends Context {
  readonly client: Client;
}
