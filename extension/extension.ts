import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Client } from '../protocol/client.ts';
import { t } from '../protocol/words.ts';
import { createApprovalWatch } from './approvalWatch.ts';
import { registerChatModels } from './chatModels.ts';
import { createChatHandler, registerChatParticipant } from './chatParticipant.ts';
import { registerCodeActions } from './codeActions.ts';
import { registerCommands } from './commands/table.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { registerInlineCompletion } from './inlineCompletion.ts';
import { createLockWatch } from './lockWatch.ts';
import { logConnection } from './log.ts';
import { registerMcpProvider } from './mcpProvider.ts';
import { NoteFiles } from './noteFiles.ts';
import { createNotifier } from './notifier.ts';
import { createPullWatch } from './pullWatch.ts';
import { createQueueWatch } from './queueWatch.ts';
import { concernsServer, serverSettings } from './settings.ts';
import { speakAsVscode } from './speech.ts';
import { createStatusItem } from './status.ts';
import { createTaskStore } from './taskStore.ts';
import { ApprovalDocuments } from './views/approvalDocument.ts';
import { HubPanel } from './views/hubPanel.ts';
import { registerHunkLenses } from './views/hunkLenses.ts';
import { InlineRuns } from './views/inlineRuns.ts';
import { MergeDocuments } from './views/mergeDocuments.ts';
import { ModelsTree } from './views/modelsTree.ts';
import { NotesTree } from './views/notesTree.ts';
import { PlanDocuments } from './views/planDocuments.ts';
import { ProposalReviews } from './views/proposalDiff.ts';
import { SchedulesTree } from './views/schedulesTree.ts';
import { StatusDocument } from './views/statusDocument.ts';
import { TaskDocuments } from './views/taskDocument.ts';
import { TasksTree } from './views/tasksTree.ts';
import { requireFolder, trust } from './workspace.ts';

/** What other extensions, and the product's own tests, may use. */
export interface Api {
  /** The server, started if need be. */
  connect(): Promise<Client>;
  /** How the connection is now, and whenever that changes. */
  readonly state: ConnectionState;
  onDidChangeState(listener: (state: ConnectionState) => void): { dispose(): void };
  /** The rows of the view of tasks. */
  readonly tasksTree: TasksTree;
  /** What answers `@ospain2` in the chat. */
  readonly chat: vscode.ChatRequestHandler;
}

let connection: Connection | undefined;

/** Wires what lives as long as the extension. Nothing is started here: the first view or command that needs the server does that. */
export function activate(context: vscode.ExtensionContext): Api {
  speakAsVscode();
  const log = vscode.window.createOutputChannel('OSPAiN2', { log: true });
  const line = createConnection(context, log);
  connection = line;
  const store = createTaskStore(line);
  const queue = createQueueWatch(line);
  const lock = createLockWatch(line);
  const notifier = createNotifier(store);
  const tasksTree = new TasksTree(line, store);
  const taskDocuments = new TaskDocuments(line);
  const reviews = new ProposalReviews(line, store);
  const merges = new MergeDocuments(line);
  const plans = new PlanDocuments(line);
  const inlineRuns = new InlineRuns();
  const hubPanel = new HubPanel(context, line);
  const chat = createChatHandler(line);
  const approvalDocuments = new ApprovalDocuments(line);
  const statusDocument = new StatusDocument(line);
  context.subscriptions.push(
    log,
    logConnection(line, log),
    store,
    queue,
    notifier,
    tasksTree,
    new SchedulesTree(line),
    new ModelsTree(line),
    new NoteFiles(line),
    new NotesTree(line),
    taskDocuments,
    reviews,
    registerHunkLenses(reviews),
    merges,
    merges.onDidFinish((taskId) => void reviews.load(taskId).catch(() => {})),
    plans,
    inlineRuns,
    hubPanel,
    approvalDocuments,
    statusDocument,
    lock,
    createStatusItem(line, store, queue, lock),
    registerInlineCompletion(line, context.globalState),
    registerCodeActions(line),
    registerChatModels(line),
    registerChatParticipant(chat),
    registerMcpProvider(context, line),
    createPullWatch(line),
    createApprovalWatch(line),
    // VS Code takes trust back by opening the window anew.
    vscode.workspace.onDidGrantWorkspaceTrust(async () => {
      if (line.state.name !== 'running') return;
      await (await line.connect()).request('server/trust', { trust: trust() });
    }),
    registerCommands({
      log,
      connection: line,
      store,
      notifier,
      tasksTree,
      taskDocuments,
      reviews,
      merges,
      plans,
      inlineRuns,
      hubPanel,
      approvalDocuments,
      statusDocument,
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (line.state.name === 'off' || !concernsServer(event)) return;
      const restart = t('Restart Server');
      const text = t('OSPAiN2 uses the changed settings once its server has restarted.');
      if ((await vscode.window.showInformationMessage(text, restart)) === restart)
        await vscode.commands.executeCommand('ospain2.server.restart');
    }),
  );
  return {
    connect: () => line.connect(),
    get state() {
      return line.state;
    },
    onDidChangeState: (listener) => line.onDidChangeState(listener),
    tasksTree,
    chat,
  };
}

/** VS Code waits for this: the server finishes its transactions. */
export async function deactivate(): Promise<void> {
  await connection?.dispose();
}

function createConnection(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Connection {
  return new Connection({
    check: requireFolder,
    now: Date.now,
    delay: (ms, signal) => delay(ms, undefined, { signal }).catch(() => {}),
    async launch(onClosed, signal) {
      const { launchServer } = await import('./languageClient.ts');
      const module = context.asAbsolutePath('dist/server.js');
      return launchServer({ module, folder: requireFolder(), settings: serverSettings(), log, onClosed, signal });
    },
  });
}
