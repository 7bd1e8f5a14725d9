import * as vscode from 'vscode';
import type { Run, Schedule } from '../../protocol/schedules.ts';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { workspaceFolder } from '../workspace.ts';
import { clock } from './clock.ts';
import { keepRowsFresh } from './freshRows.ts';
import { runLook, scheduleLook } from './scheduleItem.ts';
import { serverRows } from './serverRows.ts';
import { applyLook } from './treeItem.ts';

/** A row. Commands of the row get it as their argument. */
export type ScheduleRow =
  | { readonly type: 'schedule'; readonly scheduleId: string; readonly schedule: Schedule }
  | { readonly type: 'run'; readonly run: Run }
  | { readonly type: 'server'; readonly item: vscode.TreeItem };

/** Due times that are shown of one schedule; the command line shows more. */
const RUNS = 20;

/** Schedules with their next and last run, and below each what became of its last due times. */
export class SchedulesTree implements vscode.TreeDataProvider<ScheduleRow>, vscode.Disposable {
  readonly #connection: Connection;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    const view = vscode.window.createTreeView('ospain2.schedules', { treeDataProvider: this });
    // Schedules are few: the whole list is asked for again.
    this.#subscriptions = vscode.Disposable.from(
      view,
      this.#changed,
      keepRowsFresh(view, connection, () => this.#changed.fire(undefined), [
        'schedule/didChange',
        'schedule/didRemove',
      ]),
    );
  }

  async getChildren(row?: ScheduleRow): Promise<ScheduleRow[]> {
    if (row !== undefined) return row.type === 'schedule' ? this.#runs(row.scheduleId) : [];
    if (workspaceFolder() === undefined || !vscode.workspace.isTrusted) return [];
    const rows = serverRows(this.#connection.state);
    if (rows.length > 0) return rows.map((item) => ({ type: 'server', item }));
    try {
      const client = await this.#connection.connect();
      const { schedules } = await client.request('schedule/list', {});
      return schedules.map((schedule) => ({ type: 'schedule', scheduleId: schedule.id, schedule }));
    } catch {
      // A failed start is told through the connection's state, which asks again.
      return [];
    }
  }

  getTreeItem(row: ScheduleRow): vscode.TreeItem {
    if (row.type === 'server') return row.item;
    if (row.type === 'schedule') {
      const item = new vscode.TreeItem(row.scheduleId, vscode.TreeItemCollapsibleState.Collapsed);
      item.id = row.scheduleId;
      applyLook(item, scheduleLook(row.schedule, clock));
      return item;
    }
    const { run } = row;
    const item = new vscode.TreeItem(String(run.dueAt));
    item.id = `${run.scheduleId}/${run.dueAt}`;
    applyLook(item, runLook(run, clock));
    if (run.taskId !== null) item.command = { command: 'ospain2.task.open', title: t('Open'), arguments: [run.taskId] };
    return item;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #runs(scheduleId: string): Promise<ScheduleRow[]> {
    const client = await this.#connection.connect();
    const { runs } = await client.request('schedule/runs', { scheduleId, limit: RUNS });
    return runs.map((run) => ({ type: 'run', run }));
  }
}
