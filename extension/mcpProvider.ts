import * as vscode from 'vscode';
import type { Connection } from './connection.ts';
import { mcpLaunch } from './mcpLaunch.ts';
import { workspaceFolder } from './workspace.ts';

const PROVIDER = 'ospain2';

/** Offers the folder's tasks, models and search to VS Code's own agents, which start it when a person lets them. */
export function registerMcpProvider(context: vscode.ExtensionContext, connection: Connection): vscode.Disposable {
  // Editors that are made of an older VS Code do not have it.
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider !== 'function') return { dispose() {} };
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition> = {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions() {
      const folder = workspaceFolder();
      if (folder === undefined || !vscode.workspace.isTrusted) return [];
      const program = context.asAbsolutePath('dist/cli.js');
      const launch = mcpLaunch({ execPath: process.execPath, program, folder: folder.uri.fsPath });
      const { version } = context.extension.packageJSON as { version: string };
      return [new vscode.McpStdioServerDefinition('OSPAiN2', launch.command, launch.args, launch.env, version)];
    },
    async resolveMcpServerDefinition(definition) {
      // With the window's own server running, that one is used; else one more would be started.
      await connection.connect();
      return definition;
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.lm.registerMcpServerDefinitionProvider(PROVIDER, provider),
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
  );
}
