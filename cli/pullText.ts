import type { EgressEntry, Pull } from '../protocol/index.ts';
import { localTime } from './moments.ts';
import type { Colour } from './paint.ts';
import type { Screen } from './screen.ts';
import { fileSize, oneLine, span, table } from './text.ts';

/** How pulls look to people. */

const colours: Record<Pull['state'], Colour> = {
  queued: 'dim',
  running: 'cyan',
  interrupted: 'yellow',
  failed: 'red',
  done: 'green',
  cancelled: 'dim',
};

/** One line of progress: how much, how fast, how long still. */
export function pullText({ source, received, total, bytesPerSecond, state }: Pull): string {
  if (state === 'queued') return `${source}: waits`;
  const done = total === null ? fileSize(received) : `${percent(received, total)} of ${fileSize(total)}`;
  const rate = bytesPerSecond > 0 ? `, ${fileSize(bytesPerSecond)}/s` : '';
  const left =
    total === null || bytesPerSecond <= 0 ? '' : `, ${span(((total - received) * 1000) / bytesPerSecond)} left`;
  return `${oneLine(source)}: ${done}${rate}${left}`;
}

const percent = (part: number, whole: number): string => `${Math.floor((100 * part) / Math.max(whole, 1))} %`;

export function pullTable(pulls: readonly Pull[], { paint, safe }: Screen): string {
  const rows = pulls.map((pull) => [
    pull.id.slice(0, 8),
    pull.state,
    pull.total === null ? fileSize(pull.received) : `${percent(pull.received, pull.total)} of ${fileSize(pull.total)}`,
    safe(oneLine(pull.source)),
    safe(oneLine(pull.error?.message ?? pull.model ?? '')),
  ]);
  const [head = '', ...lines] = table([['id', 'state', 'fetched', 'source', ''], ...rows]);
  // Coloured after the columns are made: escape sequences have no width.
  const body = lines.map((line, index) => {
    const state = pulls[index]?.state;
    return state === undefined ? line : line.replace(` ${state}`, ` ${paint[colours[state]](state)}`);
  });
  return [paint.dim(head.trimEnd()), ...body].join('\n');
}

export function egressTable(entries: readonly EgressEntry[], { paint, safe }: Screen): string {
  const rows = entries.map(({ at, host, port, received, sent, purpose }) => [
    localTime(at),
    safe(`${host}:${port}`),
    received === null ? '' : fileSize(received),
    sent === null ? '' : fileSize(sent),
    safe(oneLine(purpose)),
  ]);
  const [head = '', ...lines] = table([['when', 'to', 'received', 'sent', 'why'], ...rows]);
  return [paint.dim(head.trimEnd()), ...lines].join('\n');
}
