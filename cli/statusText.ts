import type { ServerStatus } from '../protocol/index.ts';
import type { Screen } from './screen.ts';
import { span, table } from './text.ts';

/** The server's state for people; `attached` says whether it ran before this command asked. */
export function statusText(status: ServerStatus, attached: boolean, now: number, { paint, safe }: Screen): string {
  const { version, protocol, pid, node, workspace, dataFolder, keyStore, cipher, socket, workers, warnings, trust } =
    status;
  const counts = Object.entries(status.tasks).filter(([, count]) => count > 0);
  const since = attached ? `since ${span(now - status.startedAt)}` : 'started for this command only';
  const key = KEPT[keyStore];
  const rows = [
    ['version', `${version}, protocol ${protocol}`],
    ['workspace', `${safe(workspace)}${trust === 'assumed' ? '' : ` (${trust})`}`],
    ['server', `process ${pid} on Node ${node}, ${since}`],
    ['socket', socket ?? 'held by another server of the workspace'],
    ['data', `${dataFolder} (${cipher}; the root secret is ${key})`],
    ['tasks', counts.map(([name, count]) => `${count} ${name}`).join(', ') || 'none'],
    ['workers', workers.map(workerText).join('; ') || 'none'],
  ];
  return [...table(rows), ...warnings.map((warning) => `${paint.yellow('!')} ${safe(warning)}`)].join('\n');
}

const KEPT: Readonly<Record<ServerStatus['keyStore'], string>> = {
  keyring: 'in the keyring of the system',
  file: 'in a file in the data folder',
  passphrase: 'under a passphrase',
};

function workerText(worker: ServerStatus['workers'][number]): string {
  const { pid, container, model, state, conversations, memoryBytes, gpu } = worker;
  const parts = [state, `${conversations.used}/${conversations.all} conversations`];
  if (memoryBytes !== null) parts.push(`${Math.round(memoryBytes / 1e6)} MB`);
  if (gpu !== null) parts.push(`with ${gpu}`);
  return `${model} ${parts.join(', ')} (${container === null ? `process ${pid}` : `container ${container}`})`;
}
