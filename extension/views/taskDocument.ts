import * as vscode from 'vscode';
import { createEventLog, type EventLog } from '../../protocol/eventLog.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import type { Task } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { problemOf, problemText } from '../problem.ts';
import { createThrottle, type Throttle } from '../throttle.ts';
import { clock } from './clock.ts';
import { renderTranscript } from './transcript.ts';

export const TASK_SCHEME = 'ospain2-task';
const PAGE = 1000;
const REFRESH_MS = 100;

export const taskUri = ({ id, number }: Pick<Task, 'id' | 'number'>): vscode.Uri =>
  vscode.Uri.from({ scheme: TASK_SCHEME, path: `/${t('Task {0}', number)}.md`, query: id });

export const taskIdOfUri = (uri: vscode.Uri): string => uri.query;

/** One task's transcript while somebody reads it. */
interface Reading {
  readonly uri: vscode.Uri;
  log: EventLog;
  readonly publish: Throttle;
  loading: Promise<void> | undefined;
  /** An event came that the log could not take: there are some to ask for. */
  behind: boolean;
  problem: string | undefined;
  /** Whether the text's end was in sight before it grew. */
  follows: boolean;
}

/** Transcripts of tasks as read-only documents that grow while the task runs. */
export class TaskDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #connection: Connection;
  readonly #readings = new Map<string, Reading>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(TASK_SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#follow(document)),
      connection.on('task/didEvent', ({ event }) => {
        const reading = this.#readings.get(event.taskId);
        if (reading !== undefined) this.#take(reading, event);
      }),
      connection.on('backup/didRestore', () => {
        for (const reading of this.#readings.values()) this.#readAnew(reading);
      }),
      connection.onDidChangeState(({ name }) => {
        if (name === 'running') for (const reading of this.#readings.values()) this.#catchUp(reading);
      }),
    );
  }

  async show(task: Pick<Task, 'id' | 'number'>): Promise<vscode.TextEditor> {
    const document = await vscode.workspace.openTextDocument(taskUri(task));
    return vscode.window.showTextDocument(document, { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const reading = this.#readings.get(taskIdOfUri(uri)) ?? this.#open(uri);
    if (reading.log.lastSeq === 0) await this.#load(reading);
    const { problem, log } = reading;
    if (problem !== undefined && log.lastSeq === 0) return `${t('This task cannot be shown.')} ${problem}\n`;
    return renderTranscript(log.events, { number: numberOf(uri), clock });
  }

  dispose(): void {
    for (const { uri } of this.#readings.values()) this.#forget(uri);
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  #open(uri: vscode.Uri): Reading {
    const reading: Reading = {
      uri,
      log: createEventLog(),
      publish: createThrottle(() => this.#publish(reading), REFRESH_MS),
      loading: undefined,
      behind: false,
      problem: undefined,
      follows: false,
    };
    this.#readings.set(taskIdOfUri(uri), reading);
    return reading;
  }

  #forget(uri: vscode.Uri): void {
    if (uri.scheme !== TASK_SCHEME) return;
    this.#readings.get(taskIdOfUri(uri))?.publish.dispose();
    this.#readings.delete(taskIdOfUri(uri));
  }

  #take(reading: Reading, event: TaskEvent): void {
    const taken = reading.log.add(event);
    if (taken === 'added') reading.publish();
    if (taken !== 'gap') return;
    reading.behind = true;
    this.#catchUp(reading);
  }

  /** The task may have another past now, or none. */
  #readAnew(reading: Reading): void {
    reading.log = createEventLog();
    // For a load that is under way.
    reading.behind = true;
    this.#catchUp(reading);
  }

  #catchUp(reading: Reading): void {
    this.#load(reading).then(reading.publish);
  }

  /** Resolves when all events are there, or the reason why not. */
  #load(reading: Reading): Promise<void> {
    reading.loading ??= this.#fetch(reading);
    return reading.loading;
  }

  async #fetch(reading: Reading): Promise<void> {
    const taskId = taskIdOfUri(reading.uri);
    try {
      const client = await this.#connection.connect();
      for (let full = true; full || reading.behind; ) {
        reading.behind = false;
        const { events } = await client.request('task/events', { taskId, after: reading.log.lastSeq, limit: PAGE });
        for (const event of events) reading.log.add(event);
        full = events.length === PAGE;
      }
      reading.problem = undefined;
    } catch (thrown) {
      reading.problem = problemText(problemOf(thrown));
    } finally {
      // In the same moment as the last look at `behind`, so that no event falls between.
      reading.loading = undefined;
    }
  }

  #publish(reading: Reading): void {
    const { uri } = reading;
    reading.follows = editorsOf(uri).some(endIsInSight);
    this.#changed.fire(uri);
  }

  /** Whoever reads at the end stays at the end. */
  #follow(document: vscode.TextDocument): void {
    if (document.uri.scheme !== TASK_SCHEME) return;
    if (this.#readings.get(taskIdOfUri(document.uri))?.follows !== true) return;
    const end = document.lineAt(document.lineCount - 1).range;
    for (const editor of editorsOf(document.uri)) editor.revealRange(end);
  }
}

const numberOf = (uri: vscode.Uri): number => Number(/(\d+)\.md$/.exec(uri.path)?.[1] ?? 0);

const editorsOf = (uri: vscode.Uri): vscode.TextEditor[] =>
  vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri.toString());

const endIsInSight = ({ document, visibleRanges }: vscode.TextEditor): boolean =>
  (visibleRanges.at(-1)?.end.line ?? 0) >= document.lineCount - 3;
