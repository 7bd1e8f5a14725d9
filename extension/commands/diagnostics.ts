import * as os from 'node:os';
import * as vscode from 'vscode';
import { t } from '../../protocol/words.ts';
import type { Context } from '../context.ts';
import { problemOf } from '../problem.ts';
import { workspaceFolder } from '../workspace.ts';
import type { Command } from './command.ts';

export const diagnosticsCommands: Readonly<Record<string, Command>> = {
  /** Writes them to a file of the person's choice, or to the Uri given. */
  'ospain2.diagnostics.save': (context) => async (argument) => {
    const uri = argument instanceof vscode.Uri ? argument : await askWhere();
    if (uri === undefined) return undefined;
    await vscode.workspace.fs.writeFile(uri, Buffer.from(await collect(context), 'utf8'));
    void offerFile(uri);
    return uri;
  },
};

function askWhere(): Thenable<vscode.Uri | undefined> {
  const folder = workspaceFolder()?.uri ?? vscode.Uri.file(os.homedir());
  return vscode.window.showSaveDialog({
    title: t('Save Diagnostics'),
    defaultUri: vscode.Uri.joinPath(folder, 'ospain2-diagnostics.txt'),
    filters: { [t('Text')]: ['txt'] },
  });
}

/** Facts of this window, then the server's own; with a server that cannot work, the reason instead. Nothing a person wrote. */
async function collect({ connection }: Context): Promise<string> {
  const window = {
    vscode: vscode.version,
    app: vscode.env.appName,
    host: vscode.env.appHost,
    remote: vscode.env.remoteName ?? null,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    server: connection.state.name,
  };
  return `OSPAiN2 in VS Code\n${JSON.stringify(window, null, 2)}\n\n${await askServer(connection)}`;
}

async function askServer(connection: Context['connection']): Promise<string> {
  try {
    const client = await connection.connect();
    return (await client.request('server/diagnostics', {})).text;
  } catch (thrown) {
    const { code, message } = problemOf(thrown);
    return `The server gives none (${code}): ${message}\n`;
  }
}

async function offerFile(uri: vscode.Uri): Promise<void> {
  const open = t('Open');
  if ((await vscode.window.showInformationMessage(t('The diagnostics are saved.'), open)) === open)
    await vscode.window.showTextDocument(uri);
}
