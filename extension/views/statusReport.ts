import type { McpServer } from '../../protocol/mcp.ts';
import { counted, formatBytes } from '../../protocol/quantities.ts';
import type { ServerStatus } from '../../protocol/server.ts';
import type { ConnectionState } from '../connection.ts';
import { type Problem, problemText } from '../problem.ts';
import { mcpServerLine } from './mcpServerItem.ts';

/** The server's status, or why there is none, as Markdown that reads well as plain text. */
export function renderStatus(
  state: ConnectionState,
  answer: ServerStatus | Problem,
  clock: (at: number) => string,
  mcpServers: readonly McpServer[] = [],
): string {
  const parts = ['# OSPAiN2', stateText(state)];
  if ('version' in answer) parts.push(...facts(answer, clock));
  else if (state.name !== 'failed') parts.push(problemText(answer));
  if (mcpServers.length > 0) parts.push('## MCP servers', mcpServers.map(mcpServerLine).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function stateText(state: ConnectionState): string {
  switch (state.name) {
    case 'failed':
      return `The server cannot work: ${problemText(state.problem)}\n\nError code: \`${state.problem.code}\``;
    case 'waiting':
      return 'The server ended and starts again in a moment.';
    case 'off':
      return 'The server is not started.';
    default:
      return `The server is ${state.name}.`;
  }
}

function facts(status: ServerStatus, clock: (at: number) => string): string[] {
  const rows: [string, string][] = [
    ['Version', `${status.version} (protocol ${status.protocol}, Node ${status.node})`],
    ['Process', `${status.pid}, since ${clock(status.startedAt)}`],
    ['Workspace', status.workspace],
    ['Data folder', status.dataFolder],
    [
      'Database',
      `encrypted (${status.cipher}), key in ${status.keyStore === 'keyring' ? "the system's keyring" : 'a file'}`,
    ],
    ['Command line', status.socket ?? "through another window's server"],
    ['Tasks', countsText(status.tasks)],
    [
      'Workers',
      status.workers.length === 0
        ? 'none: started when a task needs a model'
        : counted(status.workers.length, 'worker'),
    ],
  ];
  const table = rows.map(([name, value]) => `- ${name}: ${value}`);
  const workers = status.workers.map((worker) => `  - ${workerText(worker)}`);
  const warnings = status.warnings.map((warning) => `- ${warning}`);
  const list = [...table, ...workers].join('\n');
  return warnings.length === 0 ? [list] : ['## Warnings', warnings.join('\n'), '## Facts', list];
}

function workerText(worker: ServerStatus['workers'][number]): string {
  const { pid, model, version, state, conversations, waiting, memoryBytes, gpu, decodeRate } = worker;
  const parts = [state, `${conversations.used} of ${counted(conversations.all, 'conversation')}`];
  if (waiting > 0) parts.push(`${waiting} waiting`);
  if (memoryBytes !== null) parts.push(formatBytes(memoryBytes));
  if (gpu !== null) parts.push(`with ${gpu}`);
  if (decodeRate !== null) parts.push(`${decodeRate.toPrecision(3)} tokens/s`);
  return `${model} ${version}: ${parts.join(', ')} (process ${pid})`;
}

function countsText(counts: ServerStatus['tasks']): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0 ? 'none' : some.map(([status, count]) => `${count} ${status}`).join(', ');
}
