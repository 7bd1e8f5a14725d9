import { text as readAll } from 'node:stream/consumers';
import { type AutoAccept, type Client, type Misfire, OspainError, type Run, type TaskKind } from '../protocol/index.ts';
import { parseMoment } from './moments.ts';
import { nextText, runTable, scheduleTable } from './scheduleText.ts';
import { type Context, work } from './taskCommands.ts';

export interface AddOptions {
  cron?: string;
  timeZone?: string;
  at?: string;
  whenIdle?: boolean;
  onMains?: boolean;
  missed: Misfire;
  kind: TaskKind;
  model: string;
  auto: AutoAccept;
}

export async function addSchedule(context: Context, instruction: string, options: AddOptions): Promise<number> {
  const { host, link, screen } = context;
  const when = whenOf(options, Date.now());
  const text = instruction === '-' ? await readAll(host.stdin) : instruction;
  const { client, attached } = await link.open();
  const { schedule } = await client.request('schedule/create', {
    when,
    conditions: [...(options.whenIdle ? ['idle' as const] : []), ...(options.onMains ? ['mains' as const] : [])],
    misfire: options.missed,
    template: { kind: options.kind, instruction: text, model: options.model, autoAccept: options.auto },
  });
  screen.data({ schedule });
  const later = attached ? '' : ' It needs a server at that time: VS Code with this folder, or ospain2 serve.';
  screen.print(`Schedule ${schedule.number} is made. Next run: ${nextText(schedule, Date.now())}.${later}`);
  return 0;
}

function whenOf({ cron, timeZone, at }: AddOptions, now: number) {
  if ((cron === undefined) === (at === undefined))
    throw new OspainError('invalid_params', 'A schedule needs either --cron or --at.');
  if (at !== undefined && timeZone !== undefined)
    throw new OspainError('invalid_params', '--time-zone goes with --cron.', {
      hint: 'A time can say its offset, as in 2027-01-31T02:00+01:00.',
    });
  if (at !== undefined) return { at: parseMoment(at, now) };
  return { cron: cron ?? '', ...(timeZone === undefined ? {} : { timeZone }) };
}

export async function listSchedules({ link, screen }: Context): Promise<number> {
  const { schedules } = await (await link.open()).client.request('schedule/list', {});
  for (const schedule of schedules) screen.data({ schedule });
  const none = 'No schedules. Make one with: ospain2 schedule add --at 02:00 "…"';
  screen.print(schedules.length === 0 ? none : scheduleTable(schedules, Date.now(), screen));
  return 0;
}

export async function listRuns({ link, screen }: Context, ref: string, options: { limit: number }): Promise<number> {
  const { client } = await link.open();
  const { runs } = await client.request('schedule/runs', { scheduleId: scheduleRef(ref), limit: options.limit });
  for (const run of runs) screen.data({ run });
  if (screen.json) return 0;
  screen.print(
    runs.length === 0 ? 'It was never due.' : runTable(runs, await taskNumbers(client, runs), Date.now(), screen.paint),
  );
  return 0;
}

async function taskNumbers(client: Client, runs: readonly Run[]): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  for (const { taskId } of runs) {
    if (taskId === null) continue;
    const { task } = await client.request('task/show', { taskId });
    numbers.set(taskId, task.number);
  }
  return numbers;
}

export async function runSchedule(context: Context, ref: string, { detach }: { detach?: boolean }): Promise<number> {
  const { client } = await context.link.open();
  const { task } = await client.request('schedule/run', { scheduleId: scheduleRef(ref) });
  return work(context, task, 0, detach === true);
}

export async function enableSchedule({ link, screen }: Context, ref: string, enabled: boolean): Promise<number> {
  const { client } = await link.open();
  const { schedule } = await client.request('schedule/enable', { scheduleId: scheduleRef(ref), enabled });
  screen.data({ schedule });
  const next = enabled ? `on. Next run: ${nextText(schedule, Date.now())}.` : 'off. What would be due is left out.';
  screen.print(`Schedule ${schedule.number} is ${next}`);
  return 0;
}

export async function removeSchedule({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  await client.request('schedule/remove', { scheduleId: scheduleRef(ref) });
  screen.print(`Removed. What it did can still be seen: ospain2 schedule runs ${scheduleRef(ref)}`);
  return 0;
}

/** People may write `#3`. */
const scheduleRef = (ref: string): string => ref.replace(/^#/, '');
