import type { McpServer } from '../../protocol/mcp.ts';
import { formatBytes, formatCount, formatRough } from '../../protocol/quantities.ts';
import type { ServerStatus } from '../../protocol/server.ts';
import type { Task } from '../../protocol/tasks.ts';
import { statusWord } from '../../protocol/taskWords.ts';
import { plural, t } from '../../protocol/words.ts';
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
  if (mcpServers.length > 0) parts.push(`## ${t('MCP servers')}`, mcpServers.map(mcpServerLine).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function stateText(state: ConnectionState): string {
  switch (state.name) {
    case 'failed':
      return `${t('The server cannot work: {0}', problemText(state.problem))}\n\n${t('Error code: `{0}`', state.problem.code)}`;
    case 'waiting':
      return t('The server ended and starts again in a moment.');
    case 'off':
      return t('The server is not started.');
    case 'starting':
      return t('The server is starting.');
    case 'running':
      return t('The server is running.');
  }
}

function facts(status: ServerStatus, clock: (at: number) => string): string[] {
  const rows: [string, string][] = [
    [t('Version'), t('{0} (protocol {1}, Node {2})', status.version, status.protocol, status.node)],
    [t('Process'), t('{0}, since {1}', status.pid, clock(status.startedAt))],
    [t('Workspace'), status.workspace],
    [t('Data folder'), status.dataFolder],
    [
      t('Database'),
      {
        keyring: t("encrypted ({0}), key in the system's keyring", status.cipher),
        file: t('encrypted ({0}), key in a file', status.cipher),
        passphrase: t('encrypted ({0}), key under a passphrase', status.cipher),
      }[status.keyStore],
    ],
    [t('Command line'), status.socket ?? t("through another window's server")],
    [t('Tasks'), countsText(status.tasks)],
    [
      t('Workers'),
      status.workers.length === 0
        ? t('none: started when a task needs a model')
        : plural('{0} worker|{0} workers', status.workers.length),
    ],
  ];
  const table = rows.map(([name, value]) => `- ${name}: ${value}`);
  const workers = status.workers.map((worker) => `  - ${workerText(worker)}`);
  const warnings = status.warnings.map((warning) => `- ${warning}`);
  const list = [...table, ...workers].join('\n');
  return warnings.length === 0 ? [list] : [`## ${t('Warnings')}`, warnings.join('\n'), `## ${t('Facts')}`, list];
}

const workerStates: Readonly<Record<ServerStatus['workers'][number]['state'], () => string>> = {
  starting: () => t('starting'),
  idle: () => t('idle'),
  busy: () => t('busy'),
};

function workerText(worker: ServerStatus['workers'][number]): string {
  const { pid, container, model, version, state, conversations, waiting, memoryBytes, gpu, decodeRate } = worker;
  const parts = [
    workerStates[state](),
    plural('{1} of {0} conversation|{1} of {0} conversations', conversations.all, conversations.used),
  ];
  if (waiting > 0) parts.push(t('{0} waiting', waiting));
  if (memoryBytes !== null) parts.push(formatBytes(memoryBytes));
  if (gpu !== null) parts.push(t('with {0}', gpu));
  if (decodeRate !== null) parts.push(t('{0} tokens/s', formatRough(decodeRate)));
  const what = parts.join(', ');
  return container === null
    ? t('{0} {1}: {2} (process {3})', model, version, what, pid ?? '')
    : t('{0} {1}: {2} (container {3})', model, version, what, container);
}

function countsText(counts: ServerStatus['tasks']): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0
    ? t('none')
    : some.map(([status, count]) => `${formatCount(count)} ${statusWord(status as Task['status'])}`).join(', ');
}
