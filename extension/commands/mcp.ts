import * as vscode from 'vscode';
import type { McpServer } from '../../protocol/mcp.ts';
import { saysText } from '../../protocol/mcpWords.ts';
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
  label: string;
  fits(server: McpServer): boolean;
  run(context: Connected, server: McpServer): Promise<McpServer | undefined>;
}

const ACTIONS: readonly Action[] = [
  { label: 'Allow…', fits: ({ state }) => state === 'unasked', run: allow },
  {
    label: 'Restart and Show Tools',
    fits: ({ state }) => state !== 'unasked',
    async run({ client }, { name }) {
      const { server } = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: `Starting MCP server ${name}` },
        () => client.request('mcp/restart', { name }),
      );
      await showText(toolsText(server));
      return server;
    },
  },
  {
    label: 'Show Log',
    fits: ({ state }) => state !== 'unasked',
    async run({ client }, { name }) {
      const { lines } = await client.request('mcp/log', { name });
      await showText(lines.length === 0 ? `MCP server ${name} wrote nothing.\n` : `${lines.join('\n')}\n`);
      return undefined;
    },
  },
  {
    label: 'Forbid',
    fits: ({ state, needsAgreement }) => state !== 'unasked' && needsAgreement,
    run: async ({ client }, { name }) => (await client.request('mcp/forbid', { name })).server,
  },
  {
    label: 'Open File',
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
    label: `$(warning) ${(named ?? 'File').replaceAll('$(', '$ (')}`,
    ...{ description: why, detail: file, server: undefined },
  }));
  const items = [...servers.map((server) => ({ ...mcpServerLook(server), server })), ...wrong];
  if (items.length === 0) {
    const text = `There are no MCP servers for agents here. Yours go into ${userFile}, a folder's into .vscode/mcp.json.`;
    void vscode.window.showInformationMessage(text);
    return undefined;
  }
  const title = 'MCP Servers for Agents';
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.server;
}

async function pickAction(server: McpServer, wish: unknown): Promise<Action | undefined> {
  const fitting = ACTIONS.filter(({ fits }) => fits(server));
  if (typeof wish === 'string') return fitting.find(({ label }) => label === wish);
  return vscode.window.showQuickPick(fitting, { title: `MCP Server ${server.name}` });
}

async function allow({ client }: Connected, { name, runs, file, remote }: McpServer): Promise<McpServer | undefined> {
  const where = remote
    ? 'It is on another machine: what agents ask it leaves this one.'
    : 'It runs as you do: it can read, change and send whatever you can.';
  const detail = `${runs}\n\n${where} This is written in ${file}.`;
  const yes = 'Allow';
  const question = `Let agents use the MCP server ${name}?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) return undefined;
  return (await client.request('mcp/allow', { name, runs })).server;
}

function toolsText({ name, tools, leftOut }: McpServer): string {
  const usable = tools.map((tool) => `${tool.name}${saysText(tool)}: ${tool.does}`);
  const others = leftOut.map((tool) => `${tool.name} is left out: ${tool.why}.`);
  return [`Tools of MCP server ${name}, as it describes them:`, '', ...usable, ...others, ''].join('\n');
}

const showText = async (content: string): Promise<void> => {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }), { preview: true });
};
