/** How a program of this machine serves a folder's tasks over the Model Context Protocol. */
export interface McpLaunch {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** The command line on the Node of whoever asks; an editor's own program is that only when it is told so. */
export const mcpLaunch = ({
  execPath,
  program,
  folder,
}: {
  execPath: string;
  program: string;
  folder: string;
}): McpLaunch => ({
  command: execPath,
  args: [program, '--workspace', folder, 'mcp'],
  env: { ELECTRON_RUN_AS_NODE: '1' },
});
