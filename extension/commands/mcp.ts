import * as vscode from 'vscode';
import type { McpServer } from '../../protocol/mcp.ts';
import { saysText } from '../../protocol/mcpWords.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { mcpServerLook } from '../views/mcpServerItem.ts';
import { type Command, connected } from './command.ts';

export const mcpCommands: Readonly<Record<string, Command>> = {
  /** Shows the MCP servers whose tools agents may use; a program may name one, and what to do with it. */
  'ospain2.mcp.servers': connected(async (context, name, wish) => {
    const server = await pickServer(context, name);
    if (server === undefined) return undefined;
    return (await pickAction(server, wish))?.run(context, server);
  }),
};

interface Action {
  /** What a program calls it. */
  name: 'allow' | 'restart' | 'log' | 'forbid' | 'open';
  label: string;
  fits(server: McpServer): boolean;
  run(context: Connected, server: McpServer): Promise<McpServer | undefined>;
}

const actions = (): readonly Action[] => [
  { name: 'allow', label: t('Allow…'), fits: ({ state }) => state === 'unasked', run: allow },
  {
    name: 'restart',
    label: t('Restart and Show Tools'),
    fits: ({ state }) => state !== 'unasked',
    async run({ client }, { name }) {
      const { server } = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: t('Starting MCP server {0}', name) },
        () => client.request('mcp/restart', { name }),
      );
      await showText(toolsText(server));
      return server;
    },
  },
  {
    name: 'log',
    label: t('Show Log'),
    fits: ({ state }) => state !== 'unasked',
    async run({ client }, { name }) {
      const { lines } = await client.request('mcp/log', { name });
      await showText(lines.length === 0 ? `${t('MCP server {0} wrote nothing.', name)}\n` : `${lines.join('\n')}\n`);
      return undefined;
    },
  },
  {
    name: 'forbid',
    label: t('Forbid'),
    fits: ({ state, needsAgreement }) => state !== 'unasked' && needsAgreement,
    run: async ({ client }, { name }) => (await client.request('mcp/forbid', { name })).server,
  },
  {
    name: 'open',
    label: t('Open File'),
    fits: () => true,
    async run(_context, { file }) {
      await vscode.window.showTextDocument(vscode.Uri.file(file));
      return undefined;
    },
  },
];

async function pickServer({ client }: Connected, name: unknown): Promise<McpServer | undefined> {
  const { servers, problems, userFile } = await client.request('mcp/list', {});
  if (typeof name === 'string') return servers.find((server) => server.name === name);
  const wrong = problems.map(({ file, name: named, why }) => ({
    label: `$(warning) ${(named ?? t('File')).replaceAll('$(', '$ (')}`,
    ...{ description: why, detail: file, server: undefined },
  }));
  const items = [...servers.map((server) => ({ ...mcpServerLook(server), server })), ...wrong];
  if (items.length === 0) {
    const text = t(
      "There are no MCP servers for agents here. Yours go into {0}, a folder's into .vscode/mcp.json.",
      userFile,
    );
    void vscode.window.showInformationMessage(text);
    return undefined;
  }
  const title = t('MCP Servers for Agents');
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.server;
}

async function pickAction(server: McpServer, wish: unknown): Promise<Action | undefined> {
  const fitting = actions().filter(({ fits }) => fits(server));
  if (typeof wish === 'string') return fitting.find((action) => action.name === wish);
  return vscode.window.showQuickPick(fitting, { title: t('MCP Server {0}', server.name) });
}

async function allow({ client }: Connected, { name, runs, file, remote }: McpServer): Promise<McpServer | undefined> {
  const where = remote
    ? t('It is on another machine: what agents ask it leaves this one.')
    : t('It runs as you do: it can read, change and send whatever you can.');
  const detail = `${runs}\n\n${where} ${t('This is written in {0}.', file)}`;
  const yes = t('Allow');
  const question = t('Let agents use the MCP server {0}?', name);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return undefined;
  return (await client.request('mcp/allow', { name, runs })).server;
}

function toolsText({ name, tools, leftOut }: McpServer): string {
  const usable = tools.map((tool) => `${tool.name}${saysText(tool)}: ${tool.does}`);
  const others = leftOut.map((tool) => t('{0} is left out: {1}.', tool.name, tool.why));
  return [t('Tools of MCP server {0}, as it describes them:', name), '', ...usable, ...others, ''].join('\n');
}

const showText = async (content: string): Promise<void> => {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }), { preview: true });
};
