import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type AutoAccept,
  dayAt,
  type LeftOut,
  minutesText,
  OspainError,
  type Params,
  readMinutes,
  type TaskKind,
} from '../protocol/index.ts';
import { itemTable } from './itemText.ts';
import { parseMoment } from './moments.ts';
import type { Context } from './taskCommands.ts';
import { plural, table } from './text.ts';

export interface TonightOptions {
  hours: string;
  fill?: boolean;
  at?: string;
  kind: TaskKind;
  model: string;
  auto: AutoAccept;
}

const reasons: Readonly<Record<LeftOut, string>> = {
  person: 'need a person (say --alone of those that do not)',
  blocked: 'wait for other items',
  unestimated: 'have no estimate',
  tooLong: 'take longer than the time that is left',
  busy: 'have a task already',
};

export async function tonight({ link, screen }: Context, options: TonightOptions): Promise<number> {
  const { hours, fill, at, kind, model, auto } = options;
  const minutes = readMinutes(/^\d+([.,]\d+)?$/.test(hours) ? `${hours}h` : hours);
  if (minutes === undefined) throw new OspainError('invalid_params', `${JSON.stringify(hours)} is no number of hours.`);
  const { client, attached } = await link.open();
  const found = await client.request('horizon/tonight', { minutes });
  screen.data({ tonight: found });
  const { items, leftOut } = found;
  if (items.length > 0) screen.print(itemTable(items, dayAt(Date.now()), screen));
  screen.print(`${plural(items.length, 'item')} of ${minutesText(found.minutes)} in ${minutesText(minutes)}.`);
  for (const [why, count] of Object.entries(leftOut) as [LeftOut, number][])
    if (count > 0) screen.print(`Left out: ${count} ${reasons[why]}.`);
  if (fill !== true || items.length === 0) return 0;
  const params: Params<'horizon/fill'> = { itemIds: items.map(({ id }) => id), kind, model, autoAccept: auto };
  if (at !== undefined) params.at = parseMoment(at, Date.now());
  const filled = await client.request('horizon/fill', params);
  screen.data({ filled: filled.items });
  const later = attached ? '' : ' That needs a server: VS Code with this folder, or ospain2 serve.';
  screen.print(`They start when the machine is idle.${later}`);
  return 0;
}

export async function showWeeks({ link, screen }: Context, { weeks }: { weeks: number }): Promise<number> {
  const { client } = await link.open();
  const shown = await client.request('horizon/capacity', { weeks });
  screen.data({ capacity: shown });
  const rows = shown.weeks.map(({ week, planned, capacity, items, unestimated, done }) => [
    ...[week, minutesText(planned), minutesText(capacity)],
    capacity === 0 ? '' : `${Math.round((100 * planned) / capacity)} %`,
    `${items}${unestimated > 0 ? ` (${unestimated} not estimated)` : ''}`,
    minutesText(done),
  ]);
  const [head = '', ...lines] = table([['week', 'planned', 'capacity', '', 'items', 'done'], ...rows]);
  const body = lines.map((line, index) => {
    const { planned = 0, capacity = 0 } = shown.weeks[index] ?? {};
    return planned > capacity ? screen.paint.red(line) : line;
  });
  screen.print([screen.paint.dim(head), ...body].join('\n'));
  if (shown.undated.items > 0)
    screen.print(`Without a date: ${plural(shown.undated.items, 'item')} of ${minutesText(shown.undated.planned)}.`);
  return 0;
}

export async function setCapacity(
  { link, screen }: Context,
  hours: string,
  { week }: { week?: string },
): Promise<number> {
  const minutes = hours === '0' ? 0 : readMinutes(/^\d+([.,]\d+)?$/.test(hours) ? `${hours}h` : hours);
  if (minutes === undefined) throw new OspainError('invalid_params', `${JSON.stringify(hours)} is no number of hours.`);
  const { client } = await link.open();
  await client.request('horizon/setCapacity', week === undefined ? { minutes } : { minutes, week });
  screen.print(`There are ${minutesText(minutes)} in ${week === undefined ? 'a week' : `the week of ${week}`}.`);
  return 0;
}

export interface ExportOptions {
  format?: 'markdown' | 'icalendar';
}

/** To a file, or to standard output. */
export async function exportPlan(context: Context, file: string | undefined, options: ExportOptions): Promise<number> {
  const { host, link, screen } = context;
  const format = options.format ?? (file?.endsWith('.ics') ? 'icalendar' : 'markdown');
  const { client } = await link.open();
  const { text } = await client.request('horizon/export', { format });
  if (file === undefined) {
    host.stdout.write(text);
    return 0;
  }
  const path = resolve(host.cwd, file);
  await writeFile(path, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST')
      throw new OspainError('conflict', `${screen.safe(path)} is there already.`, { hint: 'Name another file.' });
    throw new OspainError('storage_failed', `${screen.safe(path)} could not be written.`, { cause });
  });
  screen.data({ exported: { path, bytes: Buffer.byteLength(text) } });
  screen.print(`The plan is in ${screen.safe(path)}, as plain text.`);
  return 0;
}
