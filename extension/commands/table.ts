import * as vscode from 'vscode';
import type { Context } from '../context.ts';
import { problemOf } from '../problem.ts';
import { actionCommands } from './actions.ts';
import { apiCommands } from './api.ts';
import { approvalCommands } from './approvals.ts';
import { backupCommands } from './backups.ts';
import { codeIndexCommands } from './codeIndex.ts';
import type { Command } from './command.ts';
import { controlCommands } from './controls.ts';
import { diagnosticsCommands } from './diagnostics.ts';
import { hubCommands } from './hub.ts';
import { hunkCommands } from './hunks.ts';
import { keyCommands } from './keys.ts';
import { logCommands } from './log.ts';
import { mcpCommands } from './mcp.ts';
import { modelCommands } from './models.ts';
import { noteCommands } from './notes.ts';
import { planCommands } from './plans.ts';
import { proposalCommands } from './proposals.ts';
import { pullCommands } from './pulls.ts';
import { queueCommands } from './queue.ts';
import { report } from './report.ts';
import { scheduleCommands } from './schedules.ts';
import { serverCommands } from './server.ts';
import { taskCommands } from './tasks.ts';

/** Every command of the manifest, by its id. */
const commands: Readonly<Record<string, Command>> = {
  ...taskCommands,
  ...controlCommands,
  ...codeIndexCommands,
  ...queueCommands,
  ...scheduleCommands,
  ...proposalCommands,
  ...actionCommands,
  ...hunkCommands,
  ...hubCommands,
  ...noteCommands,
  ...planCommands,
  ...approvalCommands,
  ...modelCommands,
  ...pullCommands,
  ...apiCommands,
  ...mcpCommands,
  ...backupCommands,
  ...keyCommands,
  ...serverCommands,
  ...diagnosticsCommands,
  ...logCommands,
};

/** Registers them all. A command that fails tells the person and resolves with nothing. */
export function registerCommands(context: Context): vscode.Disposable {
  const registered = Object.entries(commands).map(([id, command]) => {
    const run = command(context);
    return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await run(...args);
      } catch (thrown) {
        const { code } = problemOf(thrown);
        if (code === 'internal') context.log.error(`${id} failed`, thrown);
        else context.log.info(`${id} failed: ${code}`);
        report(thrown);
        return undefined;
      }
    });
  });
  return vscode.Disposable.from(...registered);
}
